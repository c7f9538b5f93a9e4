// Makes the guide's pictures, in every language: node test/browser/guide.mjs docs/guide/img
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { serveDemo } from "./aldia.mjs";

const folder = process.argv[2] ?? "docs/guide/img";
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking"] });
const demo = await serveDemo([["ana", "admin"]], 120);
const first = (verb, ...args) => JSON.parse(demo.aldia("--json", ...verb.split(" "), ...args)).items[0];
try {
  const page = await browser.newPage({ viewport: { width: 1120, height: 680 }, colorScheme: "light" });
  const go = (path) => page.goto(demo.url + path);
  const customer = first("customer list", "--overdue", "10").code;
  const message = first("message list", "--status", "sent", "--customer", customer)?.id ?? first("message list", "--status", "sent").id;
  const own = "una clave propia y larga";
  await go("/login");
  await page.fill("[name=login]", "ana");
  await page.fill("[name=password]", demo.passwords.ana);
  await page.press("[name=password]", "Enter");
  await page.waitForURL(/\/me/);
  await page.fill("#current", demo.passwords.ana);
  await page.fill("#password", own);
  await page.click("form[action='/me/password'] button");
  await page.waitForLoadState("load");
  const rows = "number,customer_code,issue_date,due_date,currency,amount\nZF-1,NADIE,2026-11-01,2026-12-01,COP,1000\n" +
    `ZF-2,${customer},2026-11-01,2026-12-01,COP,250000\nZF-3,${customer},2026-11-01,2026-10-01,COP,90000\n`;
  for (const lang of ["es", "en", "pt"]) {
    await go("/me");
    await page.selectOption("#language", lang);
    await page.click("form[action='/me'] button");
    await page.waitForLoadState("load");
    for (const [name, path] of [["today", "/today"], ["portfolio", "/portfolio"], ["customer", `/customers/${customer}`], ["message", `/messages/${message}`],
      ["strategy", "/strategies/recurrente-30"], ["rehearsal", "/rehearsals?days=60"], ["figures", "/figures?period=90d"], ["start", "/start"],
      ["user", "/users/marta"], ["calendar", "/settings/calendar"]]) {
      await go(path);
      await page.screenshot({ path: join(folder, `${name}-${lang}.png`) });
    }
    await go("/imports");
    await page.check("input[value=invoices]", { force: true });
    await page.setInputFiles("#file", { name: "facturas.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
    await page.click("form[action='/imports'] button");
    await page.waitForURL(/\/imports\/invoices-/);
    await page.screenshot({ path: join(folder, `import-${lang}.png`) });
  }
} finally {
  await browser.close();
  await demo.stop();
}
