// The first day of a company: from nothing to the first rehearsal and on to activation, by somebody who reads no manual and brings files
// as a spreadsheet of their country writes them: semicolons, headings in Spanish, decimal commas, a column of their own. Wide and narrow.
import { serveEmpty } from "./aldia.mjs";

const day = (offset) => {
  const d = new Date(Date.now() + offset * 86400000);
  return `${String(d.getDate()).padStart(2, "0")}/${String(d.getMonth() + 1).padStart(2, "0")}/${d.getFullYear()}`;
};

const customers = [
  "Código;Razón social;NIT;Correo electrónico;Celular;Ciudad;Condición de pago",
  "1001;Construcciones El Roble Ltda.;900.123.456-1;cartera@roble.example;310 555 0101;Medellín;30",
  "1002;Ferretería Ñandú & Hijos;901.222.333-4;pagos@nandu.example;311 555 0102;Cali;30",
  '1003;"Muebles ""La Ceiba"" S.A.S.";830.111.222-0;contabilidad@ceiba.example;312 555 0103;Bogotá;60',
  "1004;Transportes Río Negro;860.333.444-9;pagos@rionegro.example;313 555 0104;Rionegro;15",
].join("\r\n") + "\r\n";

const heading = "Factura;Cod. tercero;Fecha emisión;Fecha vencimiento;Moneda;Vr. total;Saldo";
const invoices = [
  heading,
  `FE-101;1001;${day(-60)};${day(-30)};COP;1.250.000,50;1.250.000,50`,
  `FE-102;1001;${day(-20)};${day(10)};COP;480.000,00;480.000,00`,
  `FE-103;1002;${day(-33)};${day(-3)};COP;2.300.750,00;1.300.750,00`,
  `FE-104;1003;${day(-40)};${day(20)};COP;9.999.999,99;9.999.999,99`,
  `FE-105;1004;${day(-10)};${day(5)};COP;150.000,00;150.000,00`,
].join("\r\n") + "\r\n";

const faults = [
  heading,
  `FE-201;1001;31/02/2026;${day(30)};COP;100.000,00;100.000,00`,
  `FE-202;9999;${day(-20)};${day(10)};COP;480.000,00;480.000,00`,
  `FE-203;1003;${day(-20)};${day(10)};COP;mil pesos;`,
  `FE-204;1004;${day(-20)};;COP;150.000,00;150.000,00`,
  `FE-205;1001;${day(-20)};${day(10)};PESOS;150.000,00;150.000,00`,
  `FE-206;1002;${day(-20)};${day(12)};COP;75.500,25;75.500,25`,
].join("\r\n") + "\r\n";

/* As an office of the country hands it out: a title above the headings, "$" before amounts, and written by Excel, which is no UTF-8. */
const report = Buffer.from([
  "Ferretería La Esperanza S.A.S.;;;;;;", "Antigüedad de saldos;;;;;;",
  "Serie y Folio;Cod. cliente;Cliente;Fecha Doc.;Vence;Mon.;Saldo Pend.;Importe Total",
  `FE-301;1001;Construcción;${day(-20)};${day(10)};COP;"$1.234.567,50";"$1.234.567,50"`,
].join("\r\n") + "\r\n", "latin1");

async function come(browser, house, width, failures) {
  const page = await (await browser.newContext({ viewport: { width, height: 900 }, locale: "es-CO" })).newPage();
  page.on("console", (m) => m.type() === "error" && failures.push(`${page.url()}: ${m.text()} (${m.location().url})`));
  page.on("pageerror", (e) => failures.push(`${page.url()}: ${e.message}`));
  await page.goto(house.url);
  await page.fill("#login", house.login);
  await page.fill("#password", house.password);
  await page.click("main form button");
  await page.waitForURL(/\/today/);
  return page;
}

/* Choosing a file and looking at it; the kind is chosen already by where one comes from. */
async function bring(page, name, text) {
  await page.setInputFiles("#file", { name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.click("form[action='/imports'] button");
  await page.waitForURL(/\/imports\/[a-z]+-/);
}

const assign = (page, header, label) => page.getByLabel(header, { exact: true }).selectOption({ label });

/* What to say of columns that nobody knows, and that nothing is booked before. */
async function readCustomers({ page, check, shot }) {
  await page.locator("li.next a.btn").click();
  check(await page.isChecked("input[value=customers]"), "the step says which file it wants");
  await bring(page, "clientes.csv", customers);
  check(/Ciudad/.test(await page.textContent("[role=alert]")) && !/--/.test(await page.textContent("main")), "an unknown column is asked about, in the words of the page");
  check((await page.locator("form[action$='/book']").count()) === 0, "a file that cannot be read cannot be booked");
  check(await page.getByLabel("Ciudad", { exact: true }).isVisible(), "its columns are there to be told");
  await shot("columns");
  await page.locator("form[method=get] .btn", { hasText: "Leer otra vez" }).click();
  await page.waitForSelector("form[action$='/book'] button");
  check((await page.locator(".kpi .v").nth(1).textContent()).trim() === "4", "four customers would come in");
  await shot("customers");
  await page.click("form[action$='/book'] button");
  await page.waitForURL(/\/imports\?/);
}

async function readInvoices({ page, check, shot }) {
  await page.locator("p.note-box a", { hasText: "Importar facturas" }).click();
  check(await page.isChecked("input[value=invoices]"), "from the strip to the next file");
  await bring(page, "facturas.csv", invoices);
  check(/Código del cliente.*Valor/s.test(await page.textContent("[role=alert]")), "it is told which columns are missing");
  await assign(page, "Cod. tercero", "Código del cliente *");
  await assign(page, "Vr. total", "Valor *");
  await page.locator("form[method=get] .btn", { hasText: "Leer otra vez" }).click();
  await page.waitForSelector("form[action$='/book'] button");
  check((await page.locator(".kpi .v").nth(1).textContent()).trim() === "5", "five invoices would come in");
  await page.click("form[action$='/book'] button");
  await page.waitForURL(/\/imports\?/);
  await page.goto(new URL("/invoices/FE-101", page.url()).href);
  check(/1\.250\.000,50/.test(await page.textContent("main")), "a decimal comma is one");
}

/* A file full of faults: told with line, column and remedy, to download, and the good row may come in alone. */
async function readFaults({ page, check, shot }) {
  await page.goto(new URL("/imports?kind=invoices", page.url()).href);
  await bring(page, "malas.csv", faults);
  await assign(page, "Cod. tercero", "Código del cliente *");
  await assign(page, "Vr. total", "Valor *");
  await page.locator("form[method=get] .btn", { hasText: "Leer otra vez" }).click();
  await page.waitForSelector("[aria-labelledby=err] tbody tr");
  const rows = await page.locator("[aria-labelledby=err] tbody tr").allTextContents();
  check(rows.length === 5, `each fault is told: ${rows.length}`);
  check(rows.some((r) => /Fecha de emisión\s*Línea 2\D/.test(r)) && rows.some((r) => /9999/.test(r)), "with line, column and what is wrong");
  check(!rows.some((r) => /--|customer_code|issue_date/.test(r)), `in the page's words: ${rows.join(" | ")}`);
  check((await page.locator(".kpi .v").nth(1).textContent()).trim() === "1", "one row is good");
  await shot("faults");
  const got = await Promise.all([page.waitForEvent("download"), page.locator("a[href*='/errors']").click()]);
  check(/rejected\.csv$/.test(got[0].suggestedFilename()), "the rejected rows can be downloaded");
  await page.check("input[name=partial]");
  await page.click("form[action$='/book'] button");
  await page.waitForURL(/\/imports\?/);
  check(/Con faltas|En parte|Parcial/i.test(await page.textContent("#e3, [aria-labelledby=hist] tbody tr:first-child")), "what came in and what did not stays to be seen");
  await page.goto(new URL("/invoices/FE-206", page.url()).href);
  check(/75\.500,25/.test(await page.textContent("main")), "the good row came in alone");
}

async function readReport({ page, check, shot }) {
  await page.goto(new URL("/imports?kind=invoices", page.url()).href);
  await bring(page, "saldos.csv", report);
  check(/Windows-1252/.test(await page.textContent(".note-box.info")), "a file Excel wrote is read, and the page says how");
  check((await page.locator(".maps .badge.late", { hasText: "Repetida" }).count()) === 2 && !/customer_code/.test(await page.textContent("main")), "two columns for one field are told in the page's words, and marked");
  await shot("report");
  await assign(page, "Cliente", "Dejar fuera");
  await page.selectOption("#dates", "dmy"); // on some days both could be months
  await page.locator("form[method=get] .btn", { hasText: "Leer otra vez" }).click();
  await page.waitForSelector("form[action$='/book'] button");
  await page.click("form[action$='/book'] button");
  await page.waitForURL(/\/imports\?/);
  await page.goto(new URL("/invoices/FE-301", page.url()).href);
  check(/1\.234\.567,50/.test(await page.textContent("main")), "an amount with its sign is one");
}

async function company({ page, check, shot }) {
  await page.locator("p.note-box a", { hasText: "Ver todos los pasos" }).click();
  await page.waitForURL(/\/start/);
  await shot("start");
  await page.locator("li.next a.btn").click();
  await page.waitForURL(/\/company/);
  await page.fill("#person-name", "Lucía Peña");
  await page.fill("#person-email", "cartera@esperanza.example");
  await page.fill("#person-phone", "+57 604 555 0100");
  await page.fill("#ways", "Transferencia a la cuenta de ahorros 123-456789-01 de Bancolombia, a nombre de Ferretería La Esperanza S.A.S.");
  await page.locator("form[action='/company'] button.go").click();
  await page.waitForURL(/done=company_set/);
  check(/1 de 5/.test(await page.textContent("p.note-box")), "the strip counts what is done");
}

async function rehearse({ page, check, shot, fits }) {
  const url = (path) => new URL(path, page.url()).href;
  await page.goto(url("/start"));
  check(/Recurrente 30/.test(await page.textContent("main")), "it is told which strategy is followed");
  await page.locator("a", { hasText: "Ver y elegir estrategias" }).click();
  await page.waitForURL(/\/strategies$/);
  await page.locator("a.name", { hasText: "Recurrente 30" }).click();
  await page.waitForURL(/\/strategies\/recurrente-30/);
  await page.goto(url("/start"));
  check((await page.locator("li.next h2").textContent()) === "Ensayar", "the rehearsal is next");
  await page.locator("li.next a.btn").click();
  await page.waitForURL(/\/rehearsals/);
  check(+(await page.locator(".kpi .v").nth(1).textContent()) > 3, "the rehearsal has messages");
  await shot("rehearsal");
  await fits("the first rehearsal");
  await page.locator("a[href*='/rehearsals/message']").first().click();
  await page.waitForURL(/rehearsals\/message/);
  await page.goto(url("/start"));
  check((await page.locator("li.done").count()) === 4 && (await page.locator("li.next h2").textContent()) === "Activar", "a rehearsal that was looked at is done, before anything is activated");
  check(/Sin activar/.test(await page.textContent("body")), "nothing leaves yet, and the page says so");
  await shot("start-ready");
}

async function activate({ page, check, shot, fits }) {
  await page.locator("li.next a.btn").click();
  await page.waitForURL(/\/strategies\/activation/);
  await shot("activation");
  await fits("before activating");
  await page.locator("form[action='/strategies/activate'] button.go").click();
  await page.waitForURL(/done=strategy_activate/);
  await page.goto(new URL("/start", page.url()).href);
  check((await page.locator("li.done").count()) === 5 && (await page.locator("li.next").count()) === 0, "every step is done");
  check((await page.locator("p.note-box", { hasText: "Primeros pasos" }).count()) === 0, "and nothing reminds of them any more");
  await shot("start-done");
}

/* At 390 px with faults and all; the wide one goes straight on. */
export async function firstDayOfACompany({ browser, check, failures, shot, fits }, width) {
  const house = await serveEmpty();
  try {
    const page = await come(browser, house, width, failures);
    const told = (good, what) => check(good, `${what} at ${width}`);
    const day = { page, check: told, shot: (name) => shot(page, `first-${name}-${width}`), fits: (what) => fits(page, `${what} at ${width}`) };
    check(/0 de 5/.test(await page.textContent("p.note-box")), `a newcomer is told where to begin at ${width}`);
    await day.shot("today");
    await company(day);
    await page.goto(house.url + "/start");
    await readCustomers(day);
    await readInvoices(day);
    await readFaults(day);
    await readReport(day);
    await rehearse(day);
    await activate(day);
    await page.context().close();
  } finally {
    await house.stop();
  }
}
