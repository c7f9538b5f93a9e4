// Each person's day in the browser, on a demo of its own: what they do must work, by mouse and by keyboard, with scripts and without; every
// page must be free of accessibility faults (axe), valid HTML, and fit its screen, wide and narrow, light and dark. Screenshots are kept.
//
//     test/browser.sh, or node test/browser/run.mjs [FOLDER]     (ALDIA=build/aldia, CHROMIUM=/usr/bin/chromium; DAYS=REGEXP, PAGES=REGEXP: only those)
import { createHmac } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";
import { serveDemo } from "./aldia.mjs";
import { faultsOf, findsFaults } from "./axe.mjs";
import { firstDayOfACompany } from "./first.mjs";
import { seldom } from "./seldom.mjs";
import { together } from "./together.mjs";

const folder = process.argv[2] ?? "build-check/browser";
mkdirSync(folder, { recursive: true });
let passed = 0;
const failures = [];
const check = (good, what) => {
  if (good) passed++;
  else failures.push(what), console.log("not ok - " + what);
};

const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    "no-trailing-whitespace": "off", "long-title": "off", "no-inline-style": "error", "attribute-boolean-style": "off", "void-style": "off",
    "no-redundant-role": "off", // roles that display:grid would drop on small screens (ui.md)
    "prefer-native-element": "off", "attr-case": "off", "doctype-style": "off", "wcag/h30": "error", "no-raw-characters": "off",
    "valid-autocomplete": "off", "form-dup-name": "off", "tel-non-breaking": "off", "no-implicit-button-type": "off",
  },
});

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking"],
});
const demo = await serveDemo([["ana", "admin"], ["mario", "manager"], ["carla", "collector"]], 120); // fewer leave a single call in the queue
const own = "una clave propia y larga";

async function signIn(login, { refused, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "es", ...options });
  const page = await context.newPage();
  const expected = refused ? /status of (403|404|422|503)/ : /status of 422/;
  page.on("console", (m) => m.type() === "error" && !expected.test(m.text()) && !/favicon|\/nowhere$/.test(m.location().url ?? "") && failures.push(`${page.url()}: ${m.text()}`));
  page.on("pageerror", (e) => failures.push(`${page.url()}: ${e.message}`));
  await page.goto(demo.url + "/login");
  await page.fill("[name=login]", login);
  await page.fill("[name=password]", demo.passwords[login]);
  await Promise.all([page.waitForLoadState("load"), page.press("[name=password]", "Enter")]);
  await page.waitForURL((u) => !u.pathname.startsWith("/login"));
  return page;
}

/* The password that was given lets one in once. */
async function firstDay(login) {
  const page = await signIn(login);
  await page.goto(demo.url + "/me");
  await page.fill("#current", demo.passwords[login]);
  await page.fill("#password", own);
  await page.click("form[action='/me/password'] button");
  await page.waitForLoadState("load");
  demo.passwords[login] = own;
  await page.context().close();
  return signIn(login);
}

const shot = (page, name) => page.screenshot({ path: join(folder, name + ".png"), fullPage: true });
const go = (page, path) => page.goto(demo.url + path);
const text = (page, selector = "main") => page.textContent(selector);

/* ---- the administrator: a file with a mistake, then without; people; stopping everything ---- */

const good = "code,name,email\nZ900,Zapatería Los Ñandúes & Cía,pagos@nandues.example\n";
const bad = "number,customer_code,issue_date,due_date,currency,amount\nZF-1,NADIE,2026-11-01,2026-12-01,COP,1000\n";

async function upload(page, kind, name, bytes) {
  await go(page, "/imports");
  await page.check(`input[value=${kind}]`, { force: true });
  await page.setInputFiles("#file", { name, mimeType: "text/csv", buffer: Buffer.from(bytes) });
  await page.click("form[action='/imports'] button");
  await page.waitForURL(/\/imports\/[a-z]+-/);
}

async function administrator() {
  const page = await signIn("ana");
  await upload(page, "invoices", "facturas.csv", bad);
  check(/NADIE/.test(await text(page)), "a row that names nobody is told before anything is booked");
  await shot(page, "import-errors");
  await upload(page, "customers", "clientes.csv", good);
  await page.click("form[action$='/book'] button");
  await page.waitForURL(/\/imports\?/);
  check((await page.locator(".note-box.ok").count()) === 1, "a good file is booked");
  await go(page, "/customers/Z900");
  check(/Los Ñandúes & Cía/.test(await text(page)), "what was imported is shown as written");
  await go(page, "/sending");
  await page.fill("#reason", "prueba");
  await page.click("form[action='/sending/stop'] button");
  await page.waitForURL(/\/today/);
  check(/detenidos/i.test(await text(page, ".pulse")), "everything can be stopped, and the rail says so");
  await shot(page, "stopped");
  await go(page, "/sending");
  await page.click("form[action='/sending/start'] button");
  await page.waitForURL(/\/today/);
  check(/activos/i.test(await text(page, ".pulse")), "and started again");
  await go(page, "/users");
  check(/carla/i.test(await text(page)), "people are listed");
  return page;
}

/* ---- the manager: the portfolio, a hold for several, an approval, the rehearsal ---- */

async function manager() {
  const page = await signIn("mario");
  await go(page, "/portfolio");
  const amounts = await page.locator("tbody tr td.r:nth-child(3) .money").allTextContents();
  const numbers = amounts.map((a) => +a.replace(/[^0-9,]/g, "").replace(",", "."));
  check(numbers.length > 3 && numbers.every((n, i) => !i || n <= numbers[i - 1]), "the most overdue come first");
  await page.locator("[data-choose]").nth(0).check();
  await page.locator("[data-choose]").nth(1).check();
  check((await page.locator("[data-count]").textContent()) === "2", "the bar counts what is chosen");
  await shot(page, "portfolio-chosen");
  const names = await page.locator("tbody tr[aria-selected=true] .name").allTextContents();
  await page.click("button[value=hold]");
  await page.waitForURL(/customers\/change\?.*do=hold/);
  check(/2 clientes elegidos/.test(await text(page)), "before it is done, the page says how many");
  await shot(page, "bulk");
  await page.fill("#reason", "acuerdo general");
  await page.click("form[action='/customers/change'] button.go");
  await page.waitForSelector("h1:has-text('Recordatorios en pausa')");
  for (const name of names) check((await text(page)).includes(name), `${name} is in the report`);
  await shot(page, "bulk-done");
  await go(page, "/portfolio?state=held");
  for (const name of names) check((await text(page)).includes(name), `${name} is on hold`);
  await go(page, "/approvals");
  const before = await page.locator("tbody tr").count();
  if (before) {
    await page.locator("form[action$='/confirm'] button").first().click();
    await page.waitForURL(/\/messages\/\d+/);
    await go(page, "/approvals");
    check((await page.locator("tbody tr").count()) === before - 1, "an approval is decided");
  }
  await go(page, "/figures?period=90d");
  check((await page.locator("figure svg[role=img]").count()) === 4, "four charts tell how it went");
  check((await page.locator(".chip[aria-current]").first().textContent()) === "90 días", "the period is chosen by a link");
  const collected = page.locator("figure[aria-labelledby=collected]");
  await collected.locator("summary").click();
  const sums = (await collected.locator("tbody tr td:nth-child(3)").allTextContents()).map(Number);
  check(sums.length > 8 && sums.slice(0, -1).reduce((a, b) => a + b) === sums.at(-1), "the table beneath a chart adds up");
  const csv = await page.request.get(demo.url + (await page.locator("a[download]").getAttribute("href")));
  check(/^text\/csv/.test(csv.headers()["content-type"]) && (await csv.text()).split("\n").length === 15, "and the same rows come as a file");
  await go(page, "/rehearsals?days=30");
  const cell = page.locator(".heat a").nth(3);
  const planned = +(await cell.textContent());
  await cell.click();
  await page.waitForURL(/on=/);
  check((await page.locator("[aria-labelledby=day] tbody tr").count()) === Math.min(planned, 200), "a day of the rehearsal shows all it would bring");
  await shot(page, "rehearsal-day");
  await go(page, "/templates/text?path=es/claim/firm-a.txt");
  await page.fill("#customer", names.length ? customerCode(names[0]) : "");
  await page.locator("#text").press("Control+End");
  await page.keyboard.type("\n\nUna frase de prueba para {{customer.name}}.");
  await page.waitForSelector("pre.try");
  check((await text(page, "pre.try")).includes(`prueba para ${names[0].trim()}`), "a text being written shows what it says to a customer");
  await page.keyboard.type(" {{nada");
  await page.waitForSelector("aside [role=alert]");
  check((await page.locator("pre.try").count()) === 1, "and what is wrong with it, the last preview staying");
  return page;
}

const customerCode = (name) =>
  JSON.parse(demo.aldia("--json", "customer", "list")).items.find((c) => c.name === name.trim()).code;

/* ---- the collector: by keyboard to a customer, a note, a promise, a hold and its end ---- */

async function collector() {
  const page = await signIn("carla");
  await go(page, "/portfolio?state=overdue");
  const name = (await page.locator("tbody .name").nth(2).textContent()).trim();
  await go(page, "/today");
  await page.keyboard.press("/");
  await page.keyboard.type(name.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").slice(0, 9));
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search/);
  check((await text(page)).includes(name), "search finds a customer however it is written");
  await page.locator(".found a", { hasText: name }).first().click();
  await page.waitForURL(/\/customers\//);
  await shot(page, "customer");
  await page.keyboard.press("n");
  await page.keyboard.type("Habló la tesorera: paga el viernes <b>sin falta</b> #acuerdo");
  await page.locator("form[action$='/notes'] button").click();
  await page.waitForURL(/done=note_add/);
  check((await text(page, ".tl")).includes("<b>sin falta</b>"), "a note is kept as typed, never as markup");
  await page.locator("details:has(#p-amount) summary").click();
  await page.fill("#p-amount", "1000");
  await page.fill("#p-date", "2026-12-15");
  await page.locator("form[action='/promises'] button").click();
  await page.waitForURL(/done=promise_add/);
  check(/15 dic/.test(await text(page, "[aria-labelledby=pro]")), "a promise is recorded");
  await page.locator("details:has(#h-reason) summary").click();
  await page.fill("#h-reason", "en conversación");
  await page.locator("form[action$='/hold'] button").click();
  await page.waitForURL(/done=customer_hold/);
  check(/en conversación/.test(await text(page)), "reminders are put on hold, and the page says why");
  await page.locator("form[action$='/resume'] button").click();
  await page.waitForURL(/done=customer_resume/);
  check((await page.locator("form[action$='/resume']").count()) === 0, "and resumed");
  check((await page.request.get(demo.url + "/users")).status() === 403, "a collector does not administer people");
  await calls(page);
  await page.keyboard.press("?");
  check(/1 … 6/.test(await text(page, "#keys")), "the list of keys names those of a call");
  check(await page.locator("#keys").evaluate((d) => d.open), "? lists the keys");
  return page;
}

/* From the queue to a call and to the next, without a mouse: nobody answers, then a promise, typed as people of the country do and with a
 * mistake first; a promise recorded by mistake is taken back. */
async function calls(page) {
  const press = (key) => Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
  await go(page, "/today?kind=task");
  for (let i = 0; i < 40 && !/\/call\?/.test(await page.evaluate(() => document.activeElement.href ?? "")); i++) await page.keyboard.press("j");
  await press("Enter");
  check(/\/customers\/[^/]+\/call\?task=/.test(page.url()), "Enter on a call of the queue opens its panel");
  check((await page.locator(".steps details").count()) === 5, "what to say comes in five steps");
  await shot(page, "call");
  const first = page.url();
  await page.keyboard.press("4");
  await press("Enter");
  check(/\/call\?task=\d+&done=call_record/.test(page.url()) && page.url().split("&")[0] !== first, "nobody answers: the next call is there: " + page.url());
  const customer = page.url().match(/customers\/([^/]+)/)[1];
  await page.keyboard.press("1");
  await page.keyboard.type("mil pesos");
  await page.fill("#c-date", "2026-12-18");
  await press("Enter");
  check((await page.inputValue("#c-amount")) === "mil pesos" && (await page.locator("#c-amount[aria-invalid]").isVisible()), "what was typed wrong is kept and marked");
  await page.fill("#c-amount", "1.250");
  await press("Enter");
  await go(page, `/customers/${customer}`);
  check(/1\.250\D.*18 dic/.test(await text(page, "[aria-labelledby=pro]")), "the promise of the call is on the customer's page");
  check(/promete pagar/.test(await text(page, ".tl")), "and how the call ended is in the history");
  await page.locator("[aria-labelledby=pro] summary").first().click();
  await page.locator("form[action$='/cancel'] button").first().click();
  await page.waitForURL(/done=promise_cancel/);
  check(/retirada/i.test(await text(page, ".tl")), "a promise recorded by mistake is taken back");
}

/* ---- the administrator changes a strategy: a step checked while it is typed, whom it concerns, in force, and a message as it is read ---- */

async function strategist() {
  const page = await signIn("ana");
  const draft = "/strategies/recurrente-30/draft";
  await go(page, draft + "/step?step=claim-2");
  await page.fill("#f-days", "2");
  await page.keyboard.press("Tab");
  await page.waitForSelector("#e-days .i");
  check(/Primer reclamo/.test(await text(page, "#e-days")) && (await page.getAttribute("#f-days", "aria-invalid")) === "true", "a fault appears beside its field while one types");
  check((await page.inputValue("#f-days")) === "2", "and what was typed stays");
  await page.fill("#f-days", "12");
  await page.keyboard.press("Tab");
  await page.waitForSelector("#e-days .i", { state: "detached" });
  await page.locator(".step-form .btn.go").click();
  await page.waitForURL(/done=strategy_step_set/);
  check((await page.locator("svg.track circle.new").count()) === 1, "the changed step is dashed");
  check(/D\+14 . D\+12/.test(await text(page, ".diff")), "the difference is told in words");
  await go(page, draft + "/step?kind=task:visit");
  await page.fill("#f-name", "Visita de cortesía");
  await page.fill("#f-days", "18");
  await page.keyboard.press("Enter");
  await page.waitForURL(/done=strategy_step_set/);
  const order = await page.locator("tbody .name").allTextContents();
  check(order.indexOf("Visita de cortesía") === order.indexOf("Segundo reclamo") + 1, "a new step goes where its day belongs: " + order);
  await shot(page, "strategy-draft");
  await page.locator(".head a.btn.go").click();
  await page.waitForURL(/changes/);
  check((await page.locator("tbody tr").count()) > 0, "it is told whom the draft concerns");
  await shot(page, "strategy-changes");
  await page.fill("#note", "prueba del navegador");
  await page.locator("form[action$='/publish'] .btn.go").click();
  await page.waitForURL(/recurrente-30\?done=strategy_publish/);
  await go(page, "/strategies/recurrente-30/versions");
  check(/prueba del navegador/.test(await text(page)), "the version says why");
  await page.locator("form[method=post][action$='/versions'] button").last().click();
  await page.waitForURL(/done=strategy_version_restore/);
  check((await page.locator(".diff li").count()) === 2, "an older version comes back as a draft");
  await go(page, "/rehearsals?days=30");
  await page.locator(".heat a").nth(2).click();
  await page.locator("a[href*='/rehearsals/message']").first().click();
  await page.waitForURL(/rehearsals\/message/);
  const inside = page.frames().find((f) => /rehearsals\/html/.test(f.url()));
  check(inside && (await inside.locator("body").textContent()).length > 100, "the message stands in a frame of its own");
  await shot(page, "rehearsal-message");
  return page;
}

/* ---- every page, wide and narrow, light and dark ---- */

function pagesFor(sample) {
  const only = new RegExp(process.env.PAGES ?? ".");
  return ["/today", "/portfolio", "/portfolio?state=held", `/customers/${sample.customer}`, `/customers/${sample.customer}/call`, `/customers/${sample.customer}/statement`,
    `/why/${sample.customer}`, "/invoices?open=1", `/invoices/${sample.invoice}`, "/payments/recent", "/promises?open=1", "/disputes", "/holds", "/figures", "/figures?period=90d", "/figures?period=12m&currency=USD",
    "/messages/recent", `/messages/${sample.message}`, "/approvals", "/strategies", "/strategies/recurrente-30", "/strategies/recurrente-30/draft", "/strategies/recurrente-30/draft/step?step=claim-2", "/strategies/recurrente-30/draft/step?step=claim-2&days=x&tone=loud", "/strategies/recurrente-30/versions", "/strategies/recurrente-30/changes", "/strategies/activation", "/rehearsals?days=30", "/templates?language=es", "/templates/text?path=es/claim/firm-a.txt", `/templates/preview?customer=${sample.customer}&kind=claim&tone=firm`,
    "/customers/change?do=hold&matching=1&state=overdue", "/customers/change?do=assign&matching=1&to=nadie", "/customers/change?do=strategy&matching=1", "/imports", "/add/customer", "/add/invoice", "/start", "/company", "/company/preview?name=Andina%20Nueva&run-at=10:30", "/company/ways", "/company/ways/preview?scheme=iban&number=ES9121000418450200051332&bank=Norte", "/settings/sender", "/settings/sender?name=Cobros&address=cobros%40andina.example", "/settings/calendar", "/settings/calendar/preview?holidays=on", "/settings/rules", "/settings/rules/preview?profile=none", "/users", "/users/carla", "/keys", "/webhooks", "/webhooks/1", "/proposals", "/proposals?all=1", "/audit", "/me", "/me/two-factor", "/search?q=a", "/sending", "/more", "/guide", "/guide/portfolio", "/nowhere"].filter((p) => only.test(p));
}

async function fits(page, where) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(wide <= 0, `${where}: ${wide} px sideways`);
  const faults = await faultsOf(page);
  check(faults.length === 0, `${where}: axe: ${faults.join("; ")}`);
}

async function inspect(page, path, width, scheme) {
  const where = `${path} at ${width} ${scheme}`;
  const answer = await go(page, path);
  check(answer.status() === (path === "/nowhere" ? 404 : 200), `${where}: status ${answer.status()}`);
  await shot(page, `${path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "")}-${width}-${scheme}`);
  await fits(page, where);
  if (width === 1440 && scheme === "light") {
    const report = await validator.validateString(await (await page.request.get(demo.url + path)).text(), path);
    const messages = report.results.flatMap((r) => r.messages).filter((m) => m.severity === 2);
    check(messages.length === 0, `${where}: html: ${messages.slice(0, 3).map((m) => `${m.ruleId} line ${m.line}: ${m.message}`).join("; ")}`);
  }
}

/* The pages people live in at every width and theme, the others wide and light, narrow and dark. */
async function everyPage(sample) {
  demo.aldia("webhook", "add", "--name", "ERP", "--url", "https://erp.empresa.example/aldia", "--kind", "payment.*");
  const daily = new Set(pagesFor(sample).filter((p) => /^\/(today|portfolio|figures|customers\/[^/]+|messages\/recent|rehearsals.*)$/.test(p)));
  for (const [width, scheme] of [[1440, "light"], [390, "dark"], [1440, "dark"], [390, "light"]]) {
    const page = await signIn("ana", { viewport: { width, height: 900 }, colorScheme: scheme });
    for (const path of pagesFor(sample))
      if (daily.has(path) || (width === 1440) === (scheme === "light")) await inspect(page, path, width, scheme);
    await page.context().close();
  }
}

/* ---- what is shown once ---- */

/* RFC 6238, as an authenticator app works it out. */
function codeOf(secret, ms) {
  const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(ms / 30000)));
  const digest = createHmac("sha1", key).update(step).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

/* At a width and in a theme: everybody passes through here on another day. */
async function shownOnce(login, width, scheme) {
  const where = (what) => `${what} at ${width} ${scheme}`;
  const page = await signIn("ana", { viewport: { width, height: 900 }, colorScheme: scheme });
  await go(page, "/keys");
  await page.fill("#key-name", "erp");
  await page.locator("[value='customer.read']").check();
  await page.locator("form[action='/keys'] button").click();
  await page.waitForSelector("#key");
  check(/^aldia_/.test(await text(page, "#key")), where("a key is shown"));
  await fits(page, where("a new key"));
  await shot(page, `key-made-${width}-${scheme}`);
  await go(page, "/users");
  await page.fill("#u-login", login);
  await page.selectOption("#u-role", "manager");
  await page.locator("form[action='/users'] button").click();
  await page.waitForSelector("#password");
  demo.passwords[login] = await text(page, "#password");
  check((await page.locator("[data-print]").isVisible()), where("it can be printed"));
  await fits(page, where("a given password"));
  await shot(page, `user-password-${width}-${scheme}`);
  await page.context().close();
  await (await firstDay(login)).context().close();
  const own = await signIn(login, { viewport: { width, height: 900 }, colorScheme: scheme });
  await go(own, "/me/two-factor");
  await own.locator("form[action='/me/two-factor'] button").click();
  await own.waitForSelector(".secret");
  check((await own.locator(".qr svg").count()) === 1, where("something to scan"));
  const secret = (await text(own, ".secret")).trim();
  await fits(own, where("setting up the second factor"));
  await shot(own, `two-factor-${width}-${scheme}`);
  await own.fill("#code", codeOf(secret, Date.parse(demo.now())));
  await own.locator("form[action$='/confirm'] button").click();
  await own.waitForSelector(".codes");
  check((await own.locator(".codes .secret").count()) === 10, where("ten recovery codes"));
  await fits(own, where("recovery codes"));
  await shot(own, `recovery-codes-${width}-${scheme}`);
  await go(own, "/me/two-factor");
  await fits(own, where("the second factor is on"));
  await shot(own, `two-factor-on-${width}-${scheme}`);
  await own.context().close();
  const door = await (await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, locale: "es" })).newPage();
  await go(door, "/login");
  await door.fill("#login", login);
  await door.fill("#password", demo.passwords[login]);
  await door.click("main form button");
  await door.waitForURL(/\/login\/code/);
  await fits(door, where("the code at the door"));
  check((await door.getAttribute("#code", "inputmode")) !== "numeric", where("a telephone's keys have the letters of recovery codes"));
  await shot(door, `login-code-${width}-${scheme}`);
  await door.fill("#code", "000000");
  await door.click("main form button");
  await door.waitForSelector("#fault");
  check((await go(door, "/today")).url().includes("/login"), where("a wrong code lets nobody in"));
  await door.context().close();
}

/* ---- without scripts; in other languages ---- */

async function withoutScripts(sample) {
  const page = await signIn("carla", { javaScriptEnabled: false });
  await go(page, `/customers/${sample.customer}`);
  await page.fill("#note", "sin secuencias de comandos");
  await page.locator("form[action$='/notes'] button").click();
  await page.waitForURL(/done=note_add/);
  check((await text(page, ".tl")).includes("sin secuencias de comandos"), "a note can be written without scripts");
  await go(page, `/customers/${sample.customer}/call`);
  await page.locator("summary", { hasText: "No contesta" }).click();
  await page.locator("form:has(input[value=no-answer]) button").click();
  await page.waitForURL(/done=call_record/);
  await go(page, `/customers/${sample.customer}`);
  check(/no contesta/.test(await text(page, ".tl")), "and a call recorded");
  await page.context().close();
}

/* On a phone everything stands below what came before it. */
async function oneColumn(sample) {
  const page = await signIn("carla", { viewport: { width: 390, height: 900 } });
  await go(page, `/customers/${sample.customer}`);
  const tops = await page.evaluate(() => ["[aria-labelledby=items]", "[aria-labelledby=next]", "[aria-labelledby=history]"].map((s) => document.querySelector(s).getBoundingClientRect()).map((r) => [r.top, r.bottom, r.width]));
  check(tops[0][1] <= tops[1][0] && tops[1][1] <= tops[2][0] && tops.every((t) => t[2] > 320), "the customer's page is one column on a phone");
  await page.context().close();
}

async function languages() {
  const page = await signIn("ana");
  for (const [lang, word] of [["en", "Your queue"], ["pt", "Sua fila"], ["es", "Tu cola"]]) {
    await go(page, "/me");
    await page.selectOption("#language", lang);
    await page.locator("form[action='/me'] button").click();
    await page.waitForLoadState("load");
    await go(page, "/today");
    check((await text(page)).includes(word), `today speaks ${lang}`);
    check((await page.getAttribute("html", "lang")) === lang, `and says so (${lang})`);
    await shot(page, `today-${lang}`);
  }
  await page.context().close();
}

const first = (verb, ...args) => JSON.parse(demo.aldia("--json", ...verb.split(" "), ...args)).items[0];
try {
  check(await findsFaults(browser), "axe finds what is put before it");
  const sample = {
    customer: first("customer list", "--overdue", "1").code,
    name: first("customer list", "--overdue", "1").name,
    invoice: encodeURIComponent(first("invoice list", "--open").number),
    message: first("message list", "--status", "sent").id,
  };
  for (const login of ["ana", "mario", "carla"]) await (await firstDay(login)).context().close();
  const days = [administrator, manager, collector, strategist].map((day) => [day.name, async () => (await day()).context().close()]);
  days.push(["together", () => together({ signIn, check, demo, shot, go, text, upload }, sample.customer)],
    ["first", () => firstDayOfACompany({ browser, check, failures, shot, fits }, 1440)], ["first", () => firstDayOfACompany({ browser, check, failures, shot, fits }, 390)],
    ["seldom", () => seldom({ browser, demo, signIn, check, failures, shot, fits }, sample)],
    ["shownOnce", () => shownOnce("dario", 1440, "light")], ["shownOnce", () => shownOnce("elena", 390, "dark")],
    ["withoutScripts", () => withoutScripts(sample)], ["oneColumn", () => oneColumn(sample)], ["languages", languages], ["everyPage", () => everyPage(sample)]);
  const only = new RegExp(process.env.DAYS ?? ".");
  for (const [name, day] of days) if (only.test(name)) await day();
} catch (e) {
  failures.push(e.stack ?? String(e));
  console.log("not ok - " + (e.stack ?? e));
} finally {
  await browser.close();
  await demo.stop();
}
writeFileSync(join(folder, "failures.txt"), failures.join("\n"));
for (const f of failures) console.log("  " + f);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
