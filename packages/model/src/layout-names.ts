export const longMonths: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
export const longDays: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
]
export const shortMonths: readonly string[] = longMonths.map((name) => name.slice(0, 3))
export const shortDays: readonly string[] = longDays.map((name) => name.slice(0, 3))

/** Days before each month (from 0, January) in a year that is no leap year; then the whole year. */
export const daysBeforeMonth: readonly number[] = [
  0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365,
]
