// Opens mails in Chromium as their readers do, and prints what is wrong as JSON:  node render.mjs MODULES SHOTS FILE.html…
//
// Widths of a desktop reader, a phone and a narrow pane; light and dark; once more with the <style> block dropped, as many readers do.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const [modules, shots, ...files] = process.argv.slice(2);
const require = createRequire(modules + "/node_modules/");
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const views = [
  { scheme: "light", width: 600, style: true },
  { scheme: "light", width: 390, style: true },
  { scheme: "dark", width: 600, style: true },
  { scheme: "dark", width: 390, style: true },
  { scheme: "light", width: 320, style: true },
  { scheme: "light", width: 390, style: false },
];

// What no rule of axe looks for.
function lookAround() {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  if (document.querySelector("img, script, link, iframe, form, object, svg image")) faults.push("has what a mail should not: " + document.querySelector("img, script, link, iframe, form, object").tagName);
  for (const a of document.querySelectorAll("a")) {
    if (!/^(https:|mailto:|tel:\+?\d)/.test(a.getAttribute("href"))) faults.push(`a link to ${a.getAttribute("href")}`);
    if (!a.textContent.trim()) faults.push("an empty link");
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), parent = walker.currentNode.parentElement;
    if (!text || getComputedStyle(parent).display === "none" || parent.closest("[style*='display:none']")) continue;
    const style = getComputedStyle(parent);
    if (parseFloat(style.fontSize) < 12) faults.push(`${style.fontSize}: ${text}`);
    if (/\{\{|\}\}|undefined|null\b/.test(text)) faults.push(`not merged: ${text}`);
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) if (box.right > root.clientWidth + 0.5) faults.push(`runs out of the page: ${text}`);
  }
  const button = document.querySelector(".cta a");
  if (button && button.getBoundingClientRect().height < 44) faults.push(`the button is ${button.getBoundingClientRect().height} px high`);
  return [...new Set(faults)];
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--force-color-profile=srgb"],
});
const results = [];
try {
  for (const view of views) {
    const context = await browser.newContext({ viewport: { width: view.width, height: 900 }, colorScheme: view.scheme });
    const page = await context.newPage();
    const requests = [];
    await page.route("**/*", (route) => { requests.push(route.request().url()); return route.abort(); });
    for (const file of files) {
      let html = readFileSync(file, "utf8");
      if (!view.style) html = html.replace(/<style>[\s\S]*?<\/style>/, "");
      requests.length = 0;
      await page.setContent(html, { waitUntil: "load" });
      const name = `${basename(file, ".html")}-${view.width}-${view.style ? view.scheme : "bare"}`;
      await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
      const faults = await page.evaluate(lookAround);
      for (const url of requests) faults.push(`asks for ${url}`);
      await page.evaluate(axeSource);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations", "incomplete"] }));
      for (const v of found.violations) faults.push(`axe ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")} ${v.nodes[0].failureSummary.replace(/\s+/g, " ")}`);
      const text = await page.evaluate(() => document.body.innerText);
      results.push({ name, file: basename(file), faults, text, rules: found.passes ? found.passes.length : 0 });
    }
    await context.close();
  }
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(results));
