// Moves records from one topic to another in kafkajs' transactions, every third of them aborted.
// Prints one JSON line.
//
// usage: node transactions.mjs KAFKA_HOST:PORT COUNT

import { Kafka, logLevel } from 'kafkajs'

const [bootstrap, total] = process.argv.slice(2)
const count = Number(total)
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.ERROR })

const admin = kafka.admin()
await admin.connect()
await admin.createTopics({ topics: [{ topic: 'out', numPartitions: 2 }] })

const mover = kafka.producer({ transactionalId: 'mover', maxInFlightRequests: 1, idempotent: true })
await mover.connect()
const committed = []
for (let i = 0; i < count; i++) {
  const transaction = await mover.transaction()
  const messages = [0, 1].map(partition => ({ partition, value: `${i}-${partition}` }))
  await transaction.send({ topic: 'out', messages })
  const topics = [{ topic: 'out', partitions: [{ partition: 0, offset: String(i) }] }]
  await transaction.sendOffsets({ consumerGroupId: 'moved', topics })
  if (i % 3 === 2) {
    await transaction.abort()
  } else {
    await transaction.commit()
    committed.push(...messages.map(message => message.value))
  }
}
await mover.disconnect()

const read = []
const reader = kafka.consumer({ groupId: 'reader' })
await reader.connect()
await reader.subscribe({ topics: ['out'], fromBeginning: true })
await new Promise(resolve => {
  setTimeout(resolve, 30_000).unref()
  reader.run({
    eachMessage: async ({ message }) => {
      read.push(message.value.toString())
      if (read.length >= committed.length) resolve()
    }
  })
})
await reader.disconnect()
const [{ partitions }] = await admin.fetchOffsets({ groupId: 'moved', topics: ['out'] })
await admin.disconnect()
const offset = partitions.find(each => each.partition === 0).offset
console.log(JSON.stringify({ committed, read, offset: Number(offset) }))
