// The API's description by an independent validator, and real answers by JSON Schema:  node check.mjs OPENAPI.json SAMPLES.json
// SAMPLES: [{operation, status, type, body}]. Prints a line a fault; exit status 1 when there is one.
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const [docPath, samplesPath] = process.argv.slice(2);
const doc = JSON.parse(readFileSync(docPath, "utf8"));
const faults = [];

const validator = new Validator();
const result = await validator.validate(structuredClone(doc));
if (!result.valid) faults.push(`the description is not OpenAPI: ${JSON.stringify(result.errors).slice(0, 2000)}`);
if (validator.version !== "3.1") faults.push(`version ${validator.version}`);

// What no schema of OpenAPI says: references lead somewhere, ids are unique, every path parameter is declared.
const ids = new Set();
const resolve = (ref) => ref.slice(2).split("/").reduce((at, key) => at?.[key.replace(/~1/g, "/").replace(/~0/g, "~")], doc);
const walk = (value, where) => {
  if (value === null || typeof value !== "object") return;
  if (typeof value.$ref === "string" && resolve(value.$ref) === undefined) faults.push(`${where}: ${value.$ref} leads nowhere`);
  for (const [key, child] of Object.entries(value)) walk(child, `${where}/${key}`);
};
walk(doc, "");
const operations = {};
for (const [path, methods] of Object.entries(doc.paths))
  for (const [method, o] of Object.entries(methods)) {
    if (ids.has(o.operationId)) faults.push(`operationId ${o.operationId} stands twice`);
    ids.add(o.operationId);
    operations[o.operationId] = o;
    for (const p of o.parameters) if (!p.$ref && !p.description) faults.push(`${o.operationId}: ${p.name} is not described`);
    if (!o.summary || !o.tags.every((t) => doc.tags.some((known) => known.name === t))) faults.push(`${o.operationId}: summary or tag`);
    if (!Object.keys(o.responses["200"].content).length) faults.push(`${method} ${path}: its answer is not described`);
  }

// In answers nothing may stand that is not described: closed here, open for readers.
const close = (schema) => {
  if (schema === null || typeof schema !== "object") return schema;
  if (Array.isArray(schema)) return schema.map(close);
  const out = Object.fromEntries(Object.entries(schema).map(([k, v]) => [k, close(v)]));
  const isObject = schema.type === "object" || (Array.isArray(schema.type) && schema.type.includes("object"));
  if (isObject && schema.properties && schema.additionalProperties === undefined) out.additionalProperties = false;
  return out;
};
const ajv = new Ajv2020({ strict: false, allErrors: false });
addFormats(ajv);
ajv.addSchema({ $id: "doc", components: { schemas: Object.fromEntries(Object.entries(doc.components.schemas).map(([k, v]) => [k, close(v)])) } });
const compiled = new Map();
const schemaOf = (ref) => {
  if (!compiled.has(ref)) compiled.set(ref, ajv.compile({ $ref: "doc" + ref }));
  return compiled.get(ref);
};

const covered = new Set();
const told = new Set();
for (const s of JSON.parse(readFileSync(samplesPath, "utf8"))) {
  const o = operations[s.operation];
  if (!o) {
    faults.push(`${s.operation} is not in the description`);
    continue;
  }
  let response = o.responses[String(s.status)];
  if (response?.$ref) response = resolve(response.$ref);
  if (!response) {
    faults.push(`${s.operation}: ${s.status} is not described`);
    continue;
  }
  const content = response.content?.[s.type];
  if (!content) {
    faults.push(`${s.operation}: ${s.status} as ${s.type} is not described`);
    continue;
  }
  if (s.status === 200) covered.add(s.operation);
  if (!content.schema) continue;
  const valid = schemaOf(content.schema.$ref);
  if (valid(s.body)) continue;
  const e = valid.errors[0];
  const fault = `${s.operation} ${s.status}: ${e.instancePath.replace(/\/\d+/g, "/…")} ${e.message} ${e.params.additionalProperty ?? ""}`.trim();
  if (!told.has(fault)) faults.push(`${fault}: ${JSON.stringify(e.instancePath.split("/").slice(1).reduce((at, key) => at?.[key], s.body)).slice(0, 200)}`);
  told.add(fault);
}

for (const fault of [...new Set(faults)].slice(0, 60)) console.log(fault);
console.log(JSON.stringify({ operations: Object.keys(operations).length, uncovered: Object.keys(operations).filter((id) => !covered.has(id)) }));
process.exit(faults.length ? 1 : 0);
