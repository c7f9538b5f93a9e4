// A demo of one's own with people in it, served on loopback; everything goes away with stop().
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = process.env.ALDIA ?? "build/aldia";

/* Serves a data directory until stop(), which removes it. */
async function serve(data, more) {
  const server = spawn(program, ["--data", data, "serve", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const url = await new Promise((resolve, reject) => {
    const hear = (piece) => {
      said += piece;
      const at = said.match(/ (http:\/\/127\.0\.0\.1:\d+)\//);
      if (at) resolve(at[1]);
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.on("exit", (code) => reject(new Error(`aldia serve ended with ${code}: ${said.slice(-2000)}`)));
    setTimeout(() => reject(new Error(`aldia serve does not listen: ${said.slice(-2000)}`)), 30000).unref();
  });
  return {
    ...more,
    url,
    stop: () =>
      new Promise((resolve) => {
        server.removeAllListeners("exit");
        server.on("exit", () => {
          rmSync(data, { recursive: true, force: true });
          resolve();
        });
        server.kill("SIGTERM");
      }),
  };
}

export async function serveDemo(people, customers = 60) {
  const data = mkdtempSync(join(tmpdir(), "aldia-browser-"));
  const aldia = (...args) => execFileSync(program, ["--data", data, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  aldia("--quiet", "demo", "--customers", String(customers), "--days", "75");
  const passwords = {};
  for (const [login, role] of people) {
    const made = JSON.parse(aldia("--json", "user", "add", login, "--role", role, "--name", login[0].toUpperCase() + login.slice(1) + " Prueba", "--scope", "all", "--language", "es"));
    passwords[login] = made.password;
  }
  return serve(data, {
    passwords,
    now: () => readFileSync(join(data, "clock"), "utf8").split("\n")[0],
    aldia: (...args) => aldia("--clock-file", join(data, "clock"), ...args),
  });
}

/* A company on its first day: nothing in it, nobody but the administrator `init` made. */
export async function serveEmpty() {
  const data = mkdtempSync(join(tmpdir(), "aldia-first-"));
  const aldia = (...args) => execFileSync(program, ["--data", data, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const made = JSON.parse(aldia("--json", "init", "--name", "Ferretería La Esperanza S.A.S.", "--country", "CO", "--currency", "COP"));
  return serve(data, { aldia, login: made.user, password: made.password });
}
