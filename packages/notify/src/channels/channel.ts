/** Brings a text to where a notification goes. */
export interface Channel {
  /** One attempt. @throws {DeliveryError} */
  send(text: string, signal: AbortSignal): Promise<void>
}
