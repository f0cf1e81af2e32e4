// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one graph with the official client of Comfy API v2, against COMFY_BASE_URL with
// COMFY_API_KEY, and keeps what comes of it: FOLDER/0, FOLDER/1, … Tells what it saw as JSON.
//
//   node drive.mjs GRAPH FOLDER [NODE=PICTURE…]

import { join } from "node:path";

import { Comfy } from "@comfyorg/sdk";

const [graph, folder, ...pictures] = process.argv.slice(2);
const client = new Comfy({ apiKey: process.env.COMFY_API_KEY });
const workflow = await client.workflows.fromFile(graph);
const assets = [];

for (const picture of pictures) {
  const [node, path] = picture.split("=");
  const asset = client.assets.fromFile(path);
  workflow.setInput(node, "image", asset);
  assets.push(asset);
}

const job = await client.submit(workflow);
const seen = { statuses: [], values: [], previews: [], outputs: [] };
for await (const event of job.events()) {
  if (event.kind === "statusChange") seen.statuses.push(event.status);
  if (event.kind === "progress") seen.values.push(event.value);
  if (event.kind === "preview") {
    seen.previews.push({ node: event.nodeId, type: event.contentType, size: event.data.length,
                         head: Buffer.from(event.data.slice(0, 3)).toString("hex") });
  }
  if (event.kind === "outputReady") seen.outputs.push(event.output.name);
}

await job.result();
for (const [number, output] of job.outputs.entries()) {
  await output.toFile(join(folder, String(number)));
}

const executed = await job.getWorkflow();
console.log(JSON.stringify({
  ...seen,
  status: job.status,
  uploaded: assets.map((asset) => asset.createdNew),
  kept: job.outputs.length,
  format: executed.format,
}));
