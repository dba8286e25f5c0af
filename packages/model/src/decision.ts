/** What shall be done about a source, and for how long. */
export interface Decision {
  readonly uuid: string
  /** `crowdsec`, `cscli`, `CAPI`, `lists`… as the wire says it. */
  readonly origin: string
  /** The remediation: `ban`, `captcha`, `throttle`… */
  readonly type: string
  readonly scope: string
  readonly value: string
  /** Go duration text: `4h`. */
  readonly duration: string
  readonly scenario: string
  readonly isSimulated: boolean
}
