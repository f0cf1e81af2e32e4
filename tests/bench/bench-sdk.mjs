// SPDX-License-Identifier: GPL-3.0-or-later
// Inverts a picture COUNT times with the official client of Comfy API v2, one job after the other,
// as its own first page does it; see bench-sdk.py.
//
//   node bench-sdk.mjs GRAPH PICTURE FOLDER COUNT

import { join } from "node:path";

import { Comfy } from "@comfyorg/sdk";

const [graph, picture, folder, count] = process.argv.slice(2);
const client = new Comfy({ apiKey: process.env.COMFY_API_KEY });

for (let number = 0; number < Number(count); number++) {
  const workflow = await client.workflows.fromFile(graph);
  workflow.setInput("1", "image", client.assets.fromFile(picture));
  // core calls results so, and it stands in the files, which are to be the same
  workflow.setInput("3", "filename_prefix", "gimp-3");
  const job = await client.run(workflow);
  await job.outputs[0].toFile(join(folder, String(number)));
}
