import { filled, object, text, titled } from '../schema.ts'
import { productKey } from './user.ts'

export const tenant = titled('Tenant', object({ tenantId: filled, product: productKey, domain: text, endpointUrl: text }))
