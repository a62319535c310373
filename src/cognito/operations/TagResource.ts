import { operation } from '../operation.ts'
import { checkTags } from '../rules/pool-checks.ts'
import { taggedBy } from '../rules/tags.ts'

export default operation('TagResource', (input, call) => {
  const tagged = taggedBy(call, input.ResourceArn)
  const tags = { ...tagged.tags, ...input.Tags }
  checkTags(call, tags)

  tagged.replace(tags)

  return {}
})
