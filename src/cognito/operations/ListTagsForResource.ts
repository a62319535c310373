import { operation } from '../operation.ts'
import { taggedBy } from '../rules/pools/tags.ts'

export default operation('ListTagsForResource', (input, call) => {
  const { tags } = taggedBy(call, input.ResourceArn)

  return { Tags: { ...tags } }
})
