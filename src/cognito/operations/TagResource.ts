import { operation } from '../operation.ts'
import { checkTags } from '../rules/pools/checks.ts'
import { taggedBy } from '../rules/pools/tags.ts'

export default operation('TagResource', (input, call) => {
  const tagged = taggedBy(call, input.ResourceArn)
  const tags = { ...tagged.tags, ...input.Tags }
  checkTags(call, tags)

  tagged.replace(tags)

  return {}
})
