import { operation } from '../operation.ts'
import { taggedBy } from '../rules/pools/tags.ts'

/** A key that is not there is nothing to refuse. */
export default operation('UntagResource', (input, call) => {
  const tagged = taggedBy(call, input.ResourceArn)

  tagged.replace(Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !input.TagKeys.includes(key))))

  return {}
})
