// Starts fauxqs as a library, because its command cannot turn its log of requests off.
//   node start.mjs PORT
import { startFauxqs } from "fauxqs";

await startFauxqs({ port: Number(process.argv[2]), logger: false });
