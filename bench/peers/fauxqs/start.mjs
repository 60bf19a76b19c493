// Starts fauxqs as a library, because its command cannot turn its log of requests off.
//   node --expose-gc start.mjs PORT
// On SIGUSR2 it writes how many bytes live on its heap.
import { startFauxqs } from "fauxqs";

await startFauxqs({ port: Number(process.argv[2]), logger: false });

process.on("SIGUSR2", () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  console.log(`heap ${heapUsed + external}`);
});
