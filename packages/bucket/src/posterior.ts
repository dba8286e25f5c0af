const float32 = Math.fround

/**
 * The belief that a source is evil after one more piece of evidence, each operation rounded to
 * float32 as the peer does it.
 * @param isTrue Whether the evidence was seen; when not, the complements count.
 */
export function updateBelief(
  belief: number,
  givenEvil: number,
  givenBenign: number,
  isTrue: boolean,
): number {
  const evil = isTrue ? givenEvil : float32(1 - givenEvil)
  const benign = isTrue ? givenBenign : float32(1 - givenBenign)
  const evilShare = float32(evil * belief)
  const benignShare = float32(benign * float32(1 - belief))
  return float32(evilShare / float32(evilShare + benignShare))
}
