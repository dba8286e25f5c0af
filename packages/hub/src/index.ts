export { type CollectionEntry, readCollection } from './collection.ts'
export { type DataReference, findDataFile } from './data-file.ts'
export { dropShadowed, installFlat } from './drop-shadowed.ts'
export { type GuessedRule, guessRule } from './guess-kind.ts'
export { HubTree, openHub } from './hub-tree.ts'
export { compareVersions, type HubIndex, type IndexItem, readIndex } from './index-file.ts'
export { readInstalled } from './installed-tree.ts'
export {
  type HubItemType,
  hubItemTypes,
  kindOfType,
  type RuleItem,
  type RuleKind,
  ruleKinds,
  typeOfKind,
} from './item.ts'
export { orderItems } from './order-items.ts'
export { readRulePaths } from './rule-paths.ts'
export { readSimulation, Simulation } from './simulation.ts'
