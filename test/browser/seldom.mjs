// Pages nobody looks at twice: the door, what is not there or not allowed, what two people did at once, paper, and twice the size. Each must
// fit its screen and be free of accessibility faults, in both themes; screenshots are kept.

const looks = [[1440, "light"], [390, "dark"], [390, "light"], [1440, "dark"]];

/* Without a session; a quiet console but for the answers that are asked for. */
async function door({ browser, demo, check, failures, shot, fits }, width, colorScheme) {
  const where = (what) => `${what} at ${width} ${colorScheme}`;
  const page = await (await browser.newContext({ viewport: { width, height: 900 }, colorScheme, locale: "es" })).newPage();
  page.on("console", (m) => m.type() === "error" && !/status of 403/.test(m.text()) && failures.push(`${page.url()}: ${m.text()} (${m.location().url})`));
  await page.goto(demo.url + "/login?next=%2Fportfolio");
  await page.waitForLoadState("networkidle");
  await fits(page, where("the door"));
  await shot(page, `login-${width}-${colorScheme}`);
  await page.fill("#login", "nadie");
  await page.fill("#password", "no es esta");
  await page.click("main form button");
  await page.waitForSelector("#fault");
  check((await page.inputValue("#login")) === "nadie", where("who knocks keeps their name"));
  await fits(page, where("a refused sign-in"));
  await shot(page, `login-refused-${width}-${colorScheme}`);
  await page.context().close();
}

async function faults({ signIn, demo, check, shot, fits }, sample, width, colorScheme) {
  const where = (what) => `${what} at ${width} ${colorScheme}`;
  const page = await signIn("carla", { viewport: { width, height: 900 }, colorScheme, refused: true });
  const visit = async (path, status, name) => {
    const answer = await page.goto(demo.url + path);
    check(answer.status() === status, where(`${path}: ${answer.status()} instead of ${status}`));
    await fits(page, where(path));
    await shot(page, `${name}-${width}-${colorScheme}`);
  };
  await visit("/customers/NOEXISTE", 404, "error-404");
  await visit("/users", 403, "error-403");
  await visit("/rehearsals?days=x", 422, "error-422");
  await visit("/search?q=zzzzqqqq", 200, "search-empty");
  await visit("/search", 200, "search-begin");
  await visit(`/search?q=${encodeURIComponent(sample.name.slice(0, 6).toLowerCase())}`, 200, "search-found");
  await visit("/me", 200, "me");
  /* A session that is not this form's any more. */
  await page.goto(demo.url + `/customers/${sample.customer}`);
  await page.evaluate(() => (document.querySelector("form[action$='/notes'] [name=csrf]").value = "0".repeat(64)));
  await page.fill("#note", "de otra sesión");
  await page.locator("form[action$='/notes'] button").click();
  await page.waitForSelector(".empty h1");
  await fits(page, where("a form of another session"));
  await shot(page, `error-form-${width}-${colorScheme}`);
  await page.context().close();
}

/* What is printed: the matter alone, dark ink on white, nothing cut off at the side of the paper. */
async function paper({ signIn, demo, check, shot }, sample) {
  const page = await signIn("ana", { viewport: { width: 794, height: 1123 }, colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  for (const [path, name] of [[`/customers/${sample.customer}`, "customer"], [`/invoices/${sample.invoice}`, "invoice"], [`/customers/${sample.customer}/statement`, "statement"], ["/today", "today"], ["/portfolio", "portfolio"]]) {
    await page.goto(demo.url + path);
    await shot(page, `print-${name}`);
    const seen = await page.evaluate(() => {
      const shown = (s) => [...document.querySelectorAll(s)].filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 90));
      const light = (c) => c.match(/[\d.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0) / 3;
      const body = getComputedStyle(document.body), main = document.querySelector("main");
      return { extra: shown(".rail, .bar, header.top, .toast, button, .btn, input:not([type=hidden]), textarea, select, .skip"), ink: light(body.color), wide: main.scrollWidth - innerWidth };
    });
    check(seen.extra.length === 0, `${path} printed: ${seen.extra.slice(0, 3).join(" ")}`);
    check(seen.ink < 90, `${path} printed: dark ink, not ${seen.ink}`);
    check(seen.wide <= 0, `${path} printed: ${seen.wide} px sideways`);
  }
  await page.context().close();
}

/* 200 %: what a window of 1440 × 900 shows then. */
async function enlarged({ signIn, demo, check, shot, fits }, sample) {
  const page = await signIn("ana", { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 });
  for (const [path, name] of [["/today", "today"], ["/portfolio", "portfolio"], [`/customers/${sample.customer}`, "customer"], ["/imports", "imports"], ["/rehearsals?days=30", "rehearsal"], ["/strategies/recurrente-30", "strategy"], ["/company", "company"], ["/sending", "sending"], ["/strategies/activation", "activation"]]) {
    await page.goto(demo.url + path);
    await fits(page, `${path} at 200 %`);
    await shot(page, `zoom-${name}`);
  }
  await page.context().close();
}

export async function seldom(house, sample) {
  for (const [width, scheme] of looks) {
    await door(house, width, scheme);
    await faults(house, sample, width, scheme);
  }
  await paper(house, sample);
  await enlarged(house, sample);
}
