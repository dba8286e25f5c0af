import type { Clock } from '@tocsin/model'
import type { Target } from '../settings/notification.ts'
import type { Channel } from './channel.ts'
import { createEmailChannel } from './email-channel.ts'
import { createFileChannel } from './file-channel.ts'
import {
  createHttpChannel,
  createSentinelChannel,
  createSlackChannel,
  createSplunkChannel,
} from './http-channels.ts'
import type { SendHttp } from './send-http.ts'

/** The channel of a target. */
export function createChannel(target: Target, sendHttp: SendHttp, clock: Clock): Channel {
  switch (target.type) {
    case 'email':
      return createEmailChannel(target)
    case 'file':
      return createFileChannel(target, clock)
    case 'http':
      return createHttpChannel(target, sendHttp)
    case 'sentinel':
      return createSentinelChannel(target, sendHttp, clock)
    case 'slack':
      return createSlackChannel(target, sendHttp)
    case 'splunk':
      return createSplunkChannel(target, sendHttp)
  }
}
