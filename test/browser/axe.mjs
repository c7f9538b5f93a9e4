// Accessibility faults of a page, found by axe within the page. Only violations come back: what passed would be described node by node, which
// takes several times as long as looking, and so does @axe-core/playwright, which goes through every frame and a page of its own.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const options = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] },
  resultTypes: ["violations"],
  iframes: false, // ours hold mails, without scripts: test/mail looks at those
};

/* A line for each fault: the rule and the first element. */
export async function faultsOf(page) {
  await page.evaluate(source);
  return page.evaluate(async (o) => (await window.axe.run(document, o)).violations.map((f) => `${f.id} (${f.nodes[0].html.slice(0, 140)})`), options);
}

/* That it looks at all: three faults put into a page are found, each by its rule. */
export async function findsFaults(browser) {
  const page = await browser.newPage();
  await page.setContent('<!doctype html><html lang="es"><title>Faltas</title><main><h1>Faltas</h1><img src="data:,"><input><p style="color:#aaa;background:#fff">apenas se lee</p></main></html>');
  const found = (await faultsOf(page)).map((f) => f.split(" ")[0]).sort();
  await page.close();
  return found.join() === "color-contrast,image-alt,label";
}
