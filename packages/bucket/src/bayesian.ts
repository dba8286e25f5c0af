import { type BucketType, requireCapacity, requirePositive } from './scenario-settings.ts'

/** Weighs conditions over its events and overflows when the belief passes `bayesian_threshold`. */
export const bayesian: BucketType = {
  check(settings) {
    const { problems, bayesian } = settings
    if (bayesian.count === 0) {
      problems.error(
        settings.span('bayesian_conditions'),
        'TOC_BUCKET_BAYESIAN_CONDITIONS',
        'a bayesian scenario needs bayesian_conditions',
        'each has a condition, prob_given_evil and prob_given_benign',
      )
    }
    if (!(bayesian.prior > 0 && bayesian.prior <= 1)) {
      problems.error(
        settings.span('bayesian_prior'),
        'TOC_BUCKET_BAYESIAN_PRIOR',
        `bayesian_prior is ${bayesian.prior}`,
        'it is more than 0 and at most 1',
      )
    }
    if (!(bayesian.threshold > 0 && bayesian.threshold <= 1)) {
      problems.error(
        settings.span('bayesian_threshold'),
        'TOC_BUCKET_BAYESIAN_THRESHOLD',
        `bayesian_threshold is ${bayesian.threshold}`,
        'it is more than 0 and at most 1',
      )
    }
    requireCapacity(settings, 'bayesian scenario', -1)
    requirePositive(settings, 'leakspeed')
  },
  lifetimeNanos: ({ leakSpeedNanos }) => leakSpeedNanos,
  isLimited: false,
}
