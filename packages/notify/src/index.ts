export { type Alarm, type AlarmKind, alarmKinds } from './alarm.ts'
export { DeliveryError } from './channels/delivery-error.ts'
export type { HttpAnswer, HttpCall, SendHttp } from './channels/send-http.ts'
export type { NotificationStatus } from './dispatch/dispatcher.ts'
export type { Timers } from './dispatch/timers.ts'
export {
  createNotifier,
  type Notifier,
  type NotifierDeps,
  type TestDelivery,
  testNotification,
} from './notifier.ts'
export { sampleAlert } from './sample-alert.ts'
export type { Notification, NotificationType } from './settings/notification.ts'
export { readNotificationDirectory, readNotifications } from './settings/read-notifications.ts'
export type { NotifiedAlert } from './template/alert-value.ts'
export {
  compileTemplate,
  type Template,
  type TemplateServices,
  templateFunctions,
} from './template/template.ts'
export { TemplateError } from './template/template-error.ts'
