import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { createTextDict, systemClock } from '@tocsin/model'
import { sourceContract } from '../source-contract.test-support.ts'
import { SyslogSource } from './syslog-source.ts'

for (const protocol of ['udp', 'tcp'] as const) {
  sourceContract(`SyslogSource, ${protocol}`, async () => {
    const sources: SyslogSource[] = []
    const port = async () => {
      for (let waits = 0; waits < 100; waits++) {
        const listening = sources.at(-1)?.listening
        if (listening) return listening.port
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      throw new Error('nobody listens')
    }
    const send = async (texts: readonly string[]) => {
      const to = await port()
      if (protocol === 'tcp') {
        const socket = connect(to, '127.0.0.1')
        const isCounted = texts.length % 2 === 0
        for (const text of texts) {
          socket.write(isCounted ? `${Buffer.byteLength(text)} ${text}` : `${text}\n`)
        }
        await new Promise<void>((resolve) => socket.end(resolve))
        return
      }
      const socket = createSocket('udp4')
      for (const [i, text] of texts.entries()) {
        await new Promise((resolve) => socket.send(text, to, '127.0.0.1', resolve))
        // A datagram has no way to wait for its receiver.
        if (i % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 5))
      }
      socket.close()
    }
    return {
      resumes: false,
      create: () => {
        const source = new SyslogSource({
          ...{ address: '127.0.0.1', port: 0, protocol, maxMessageBytes: 2048, keepsForm: false },
          ...{ labels: createTextDict(), clock: systemClock },
        })
        sources.push(source)
        return source
      },
      write: (...lines) => send(lines.map((line) => `<34>${line}`)),
      [Symbol.asyncDispose]: async () => {},
    }
  })
}
