// Two people at once, and one in a hurry: what one does appears on the other's page without loading it again, they see each other on one
// customer's page, long work shows how far it is, and neither quick page turns nor a refused stream leave a page deaf.

const within = (promise) => promise.then(() => true, () => false);

/* Somebody else's note and hold on the customer's page, and who looks at it. */
async function oneCustomer({ signIn, check, demo, shot, text }, customer) {
  const mine = await signIn("carla"), other = await signIn("mario");
  const path = `/customers/${customer}`;
  await mine.goto(demo.url + path);
  await other.goto(demo.url + path);
  const sees = (page, name) => within(page.waitForFunction((n) => document.querySelector("[data-presence]:not([hidden]) [data-names]")?.textContent.includes(n), name, { timeout: 8000 }));
  check(await sees(mine, "Mario"), "Carla sees that Mario looks at the same customer");
  check(await sees(other, "Carla"), "and Mario that Carla does");
  await mine.evaluate(() => (window.same = true));
  await other.fill("#note", "Llamó el contador: <i>paga mañana</i>");
  await other.locator("form[action$='/notes'] button").click();
  await other.waitForURL(/done=note_add/);
  check(await within(mine.waitForFunction(() => document.querySelector(".tl")?.textContent.includes("<i>paga mañana</i>"), null, { timeout: 8000 })), "a note of the other appears");
  check(await mine.evaluate(() => window.same === true), "without the page being loaded again");
  await shot(mine, "live-presence");
  await mine.fill("#note", "a medio escribir");
  await other.locator("details:has(#p-amount) summary").click();
  await other.fill("#p-amount", "2000");
  await other.fill("#p-date", "2026-12-16");
  await other.locator("form[action='/promises'] button").click();
  await other.waitForURL(/done=promise_add/);
  check(await within(mine.waitForFunction(() => /16 dic/.test(document.querySelector("[aria-labelledby=pro]")?.textContent), null, { timeout: 8000 })), "so does a promise");
  check((await mine.inputValue("#note")) === "a medio escribir", "what one is writing stays");
  await other.goto(demo.url + "/more");
  check(await within(mine.waitForSelector("[data-presence]", { state: "hidden", timeout: 6000 })), "who leaves is not shown any more");
  await other.context().close();
  return mine;
}

/* Fifteen pages in a row, as fast as they come; the last one still hears. A fault in the console fails the run (signIn). */
async function inHurry({ check, demo, go }, page, customer) {
  const others = JSON.parse(demo.aldia("--json", "customer", "list")).items.map((c) => c.code).filter((c) => c !== customer);
  for (const code of others.slice(0, 15)) await page.goto(`${demo.url}/customers/${code}`, { waitUntil: "commit" });
  for (const code of others.slice(0, 15)) await go(page, `/customers/${code}`);
  const last = others[14];
  await page.waitForTimeout(500);
  demo.aldia("customer", "hold", last, "--reason", "prisa de prueba");
  check(await within(page.waitForFunction(() => document.querySelector("main").textContent.includes("prisa de prueba"), null, { timeout: 8000 })), "the last of fifteen pages turned quickly still hears");
  demo.aldia("customer", "resume", last);
}

/* A browser never repeats a stream that was refused: the page does. */
async function refused({ signIn, check, demo }, customer) {
  const page = await signIn("mario", { refused: true });
  let asked = 0;
  await page.route("**/events*", (route) => (++asked < 3 ? route.fulfill({ status: 503, body: "{}" }) : route.continue()));
  await page.goto(`${demo.url}/customers/${customer}`);
  const until = Date.now() + 20000;
  while (asked < 3 && Date.now() < until) await page.waitForTimeout(100);
  check(asked >= 3, "a refused stream is asked for again");
  await page.waitForTimeout(500);
  demo.aldia("customer", "hold", customer, "--reason", "después de la espera");
  check(await within(page.waitForFunction(() => document.querySelector("main").textContent.includes("después de la espera"), null, { timeout: 8000 })), "and then hears");
  demo.aldia("customer", "resume", customer);
  await page.context().close();
}

/* Twenty thousand rows are not booked in an instant. */
async function longWork({ signIn, check, demo, shot, upload }) {
  const page = await signIn("ana");
  let rows = "code,name\n";
  for (let i = 0; i < 20000; i++) rows += `L${i},Cliente del lote ${i}\n`;
  await upload(page, "customers", "lote.csv", rows);
  const told = within(page.waitForFunction(() => /^\d+ %$/.test(document.querySelector("[data-progress]:not([hidden]) [data-share]")?.textContent), null, { timeout: 20000 }));
  await page.locator("form[action$='/book'] button").click({ noWaitAfter: true });
  check(await told, "how far an import is shows while it works");
  await shot(page, "import-progress").catch(() => {});
  await page.waitForURL(/\/imports\?/, { timeout: 60000 });
  await page.context().close();
}

export async function together(house, customer) {
  const page = await oneCustomer(house, customer);
  await inHurry(house, page, customer);
  await page.context().close();
  await refused(house, customer);
  await longWork(house);
}
