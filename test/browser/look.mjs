// Screenshots of pages, for looking: look.mjs URL LOGIN PASSWORD FOLDER WIDTH light|dark PATH…
import { chromium } from "playwright-core";
const [url, login, password, folder, width, scheme, ...paths] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking"] });
const page = await browser.newPage({ viewport: { width: +width, height: 900 }, colorScheme: scheme });
page.on("console", (m) => m.type() === "error" && console.log("console:", m.text()));
await page.goto(url + "/login");
await page.fill("[name=login]", login);
await page.fill("[name=password]", password);
await Promise.all([page.waitForNavigation(), page.click("button")]);
console.log("at", page.url());
for (const path of paths) {
  const r = await page.goto(url + path);
  const name = path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "home";
  await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png`, fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  console.log(r.status(), path, wide > 0 ? `sideways ${wide}` : "");
}
await browser.close();
