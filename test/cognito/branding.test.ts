import { test } from 'tap'
import { refuses } from '../support/cognito.ts'
import { emulator, START } from '../support/emulator.ts'
import { only } from '../support/only.ts'

const NOW = START / 1000
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const SVG = Buffer.from('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const NOBODY = '01234567-89ab-4cde-8f01-23456789abcd'

test('the look of pages', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'people' })
  const UserPoolId = UserPool?.Id ?? ''
  const client = async (ClientName: string) =>
    (await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName })).UserPoolClient?.ClientId ?? ''
  const ClientId = await client('app')
  const other = await client('other')
  const refused = (message: string) => ['InvalidParameterException', message] as const
  const notFound = (message: string) => ['ResourceNotFoundException', message] as const

  await t.test('UI customization', async (t) => {
    const CSS = '.submitButton-customizable { color: red; }\n.submitButton-customizable:hover { color: blue; }'
    await t.test('needs a domain (G10)', async (t) => {
      const message = 'There has to be an existing domain associated with this user pool.'
      await refuses(t, idp.cognito.SetUICustomization({ UserPoolId, CSS }), 'InvalidParameterException', message)
      await refuses(t, idp.cognito.GetUICustomization({ UserPoolId }), 'InvalidParameterException', message)
    })
    await idp.cognito.CreateUserPoolDomain({ UserPoolId, Domain: 'pages' })

    await t.test('GetUICustomization of nothing is empty', async (t) =>
      t.strictSame(await idp.cognito.GetUICustomization({ UserPoolId }), { UICustomization: {} }),
    )

    const made = { UserPoolId, CSSVersion: '20260102030405', LastModifiedDate: NOW, CreationDate: NOW }
    await t.test('SetUICustomization for all clients', async (t) => {
      const all = { UICustomization: { ...made, ClientId: 'ALL', CSS } }
      t.strictSame(await idp.cognito.SetUICustomization({ UserPoolId, CSS }), all)
      t.strictSame(await idp.cognito.GetUICustomization({ UserPoolId }), all)
      t.strictSame(await idp.cognito.GetUICustomization({ UserPoolId, ClientId }), all)
    })

    await t.test('SetUICustomization for one client (G10)', async (t) => {
      const { UICustomization } = await idp.cognito.SetUICustomization({ UserPoolId, ClientId, ImageFile: PNG })
      const { ImageUrl, ...rest } = UICustomization
      const path = `/cognito/ui/${UserPoolId}/${ClientId}/20260102030405/assets/images/image.jpg`
      t.match(ImageUrl, new RegExp(`^http://[^/]+${path}$`))
      const shown = await idp.app.server.inject({ method: 'GET', url: path })
      t.equal(shown.headers['content-type'], 'image/png')
      t.strictSame(shown.rawPayload, Buffer.from(PNG, 'base64'))
      t.equal((await idp.request('GET', path.replace('20260102030405', '20260102030406'))).status, 404)
      t.equal((await idp.request('GET', path.replace(ClientId, 'ALL'))).status, 404)
      t.strictSame(rest, { ...made, ClientId })
      t.strictSame(await idp.cognito.GetUICustomization({ UserPoolId, ClientId }), { UICustomization })
      t.equal((await idp.cognito.GetUICustomization({ UserPoolId, ClientId: other })).UICustomization.ClientId, 'ALL')
      t.strictSame(await idp.cognito.SetUICustomization({ UserPoolId, ClientId }), { UICustomization: { UserPoolId, ClientId } })
      t.equal((await idp.cognito.GetUICustomization({ UserPoolId, ClientId })).UICustomization.ClientId, 'ALL')
    })

    const refusals: [what: string, input: object, message: string][] = [
      [
        'a class that is not to be customized',
        { CSS: '.button { color: red }' },
        'The CSS class .button is not in the list of allowed classes.',
      ],
      ['what is no style sheet', { CSS: 'hello' }, 'CSS could not be parsed'],
      ['an image of another kind', { ImageFile: SVG }, 'Image file must be a PNG or JPEG image'],
      ['what is not base64', { ImageFile: '!' }, 'Image file must be a PNG or JPEG image'],
      [
        'a large image',
        { ImageFile: Buffer.concat([Buffer.from(PNG, 'base64'), Buffer.alloc(131_072)]).toString('base64') },
        "1 validation error detected: Value at 'imageFile' failed to satisfy constraint: Member must have length less than or equal to 131072",
      ],
    ]
    for (const [what, input, message] of refusals) {
      await t.test(`SetUICustomization refuses ${what}`, (t) =>
        refuses(t, idp.cognito.SetUICustomization({ UserPoolId, ...input }), 'InvalidParameterException', message),
      )
    }
    await refuses(
      t,
      idp.cognito.SetUICustomization({ UserPoolId, ClientId: 'nobody', CSS }),
      ...notFound('User pool client nobody does not exist.'),
    )
  })

  await t.test('managed login branding', async (t) => {
    const asset = { Category: 'FORM_LOGO', ColorMode: 'LIGHT', Extension: 'PNG', Bytes: PNG } as const
    // biome-ignore lint/suspicious/noExplicitAny: a document may be anything, and is typed as nothing.
    const document = (value: object): any => value
    const Settings = document({
      components: { form: { borderRadius: 3, logo: { enabled: true } } },
      categories: { global: { colorSchemeMode: 'DARK' } },
    })
    let id = ''

    await t.test('CreateManagedLoginBranding answers what was given', async (t) => {
      const { ManagedLoginBranding } = await idp.cognito.CreateManagedLoginBranding({ UserPoolId, ClientId, Settings, Assets: [asset] })
      const { ManagedLoginBrandingId = '', ...rest } = ManagedLoginBranding ?? {}
      t.match(ManagedLoginBrandingId, UUID)
      const made = { UserPoolId, UseCognitoProvidedValues: false, Settings, Assets: [asset], CreationDate: NOW, LastModifiedDate: NOW }
      t.strictSame(rest, made)
      id = ManagedLoginBrandingId
    })

    await t.test('CreateManagedLoginBranding with the values of the service has assets, but no settings', async (t) => {
      const answer = await idp.cognito.CreateManagedLoginBranding({ UserPoolId, ClientId: other, UseCognitoProvidedValues: true })
      const { ManagedLoginBrandingId, ...rest } = answer.ManagedLoginBranding ?? {}
      const made = { UserPoolId, UseCognitoProvidedValues: true, Assets: [], CreationDate: NOW, LastModifiedDate: NOW }
      t.strictSame(rest, made)
    })

    const third = await client('third')
    const refusals: [what: string, input: object, expected: readonly [type: string, message: string]][] = [
      [
        'a second style (G9)',
        { ClientId, UseCognitoProvidedValues: true },
        ['ManagedLoginBrandingExistsException', 'A managed login branding style already exists for this app client.'],
      ],
      ['neither settings nor those of the service', {}, refused('useCognitoProvidedValues or settings should be specified (but not both)')],
      [
        'both',
        { Settings, UseCognitoProvidedValues: true },
        refused('useCognitoProvidedValues or settings should be specified (but not both)'),
      ],
      ['a document of another form', { Settings: { colours: {} } }, refused('Invalid settings: unknown keys [colours]')],
      [
        'an image that is something else',
        { Settings, Assets: [{ ...asset, Bytes: SVG }] },
        refused(
          'Invalid assets provided. Validation errors: [{category: FORM_LOGO, extension: PNG, colorMode: LIGHT, errorMessage: The content does not match the extension}]',
        ),
      ],
      [
        'a large image',
        {
          Settings,
          Assets: [{ ...asset, Bytes: Buffer.concat([Buffer.from(PNG, 'base64'), Buffer.alloc(1_000_000)]).toString('base64') }],
        },
        refused(
          "1 validation error detected: Value at 'assets.1.member.bytes' failed to satisfy constraint: Member must have length less than or equal to 1000000",
        ),
      ],
      ['an unknown client', { ClientId: 'nobody', UseCognitoProvidedValues: true }, notFound('User pool client nobody does not exist.')],
    ]
    for (const [what, input, expected] of refusals) {
      await t.test(`CreateManagedLoginBranding refuses ${what}`, (t) =>
        refuses(t, idp.cognito.CreateManagedLoginBranding({ UserPoolId, ClientId: third, ...input }), ...expected),
      )
    }

    await t.test('UpdateManagedLoginBranding changes what is mentioned, down to each setting and asset', async (t) => {
      idp.clock.advance(1000)
      const dark = { ...asset, ColorMode: 'DARK', Extension: 'SVG', Bytes: SVG } as const
      const { ManagedLoginBranding } = await idp.cognito.UpdateManagedLoginBranding({
        UserPoolId,
        ManagedLoginBrandingId: id,
        Settings: document({ components: { form: { borderRadius: 5 } } }),
        Assets: [dark],
      })
      t.strictSame(ManagedLoginBranding, {
        ManagedLoginBrandingId: id,
        UserPoolId,
        UseCognitoProvidedValues: false,
        Settings: {
          components: { form: { borderRadius: 5, logo: { enabled: true } } },
          categories: { global: { colorSchemeMode: 'DARK' } },
        },
        Assets: [asset, dark],
        CreationDate: NOW,
        LastModifiedDate: NOW + 1,
      })
      const replaced = await idp.cognito.UpdateManagedLoginBranding({
        UserPoolId,
        ManagedLoginBrandingId: id,
        Assets: [{ ...asset, Extension: 'SVG', Bytes: SVG }],
      })
      t.equal(replaced.ManagedLoginBranding?.Assets?.length, 2)
      await refuses(
        t,
        idp.cognito.UpdateManagedLoginBranding({ UserPoolId, ManagedLoginBrandingId: NOBODY }),
        ...notFound(`Managed login branding ${NOBODY} does not exist.`),
      )
      await refuses(
        t,
        idp.cognito.UpdateManagedLoginBranding({ UserPoolId }),
        ...refused('UserPoolId and ManagedLoginBrandingId are required'),
      )
    })

    await t.test('DescribeManagedLoginBranding, merged with the values of the service if asked', async (t) => {
      const input = { UserPoolId, ManagedLoginBrandingId: id }
      const bare = (await idp.cognito.DescribeManagedLoginBranding(input)).ManagedLoginBranding
      t.strictSame(Object.keys(bare?.Settings ?? {}), ['components', 'categories'])
      const merged = await idp.cognito.DescribeManagedLoginBranding({ ...input, ReturnMergedResources: true })
      t.match(merged.ManagedLoginBranding?.Settings, {
        components: { form: { borderRadius: 5 }, favicon: { enabledTypes: only('ICO', 'SVG') } },
        categories: { global: { colorSchemeMode: 'DARK', spacingDensity: 'REGULAR' } },
        componentClasses: { buttons: { borderRadius: 8 } },
      })
      const byClient = await idp.cognito.DescribeManagedLoginBrandingByClient({ UserPoolId, ClientId })
      t.strictSame(byClient.ManagedLoginBranding, bare)
      await refuses(
        t,
        idp.cognito.DescribeManagedLoginBrandingByClient({ UserPoolId, ClientId: third }),
        ...notFound(`Managed login branding for client ${third} does not exist.`),
      )
      await refuses(
        t,
        idp.cognito.DescribeManagedLoginBranding({ UserPoolId, ManagedLoginBrandingId: NOBODY }),
        ...notFound(`Managed login branding ${NOBODY} does not exist.`),
      )
    })

    await t.test('UpdateManagedLoginBranding takes everything back with the values of the service', async (t) => {
      const input = { UserPoolId, ManagedLoginBrandingId: id, UseCognitoProvidedValues: true }
      const { ManagedLoginBranding } = await idp.cognito.UpdateManagedLoginBranding(input)
      t.notOk('Settings' in (ManagedLoginBranding ?? {}))
      t.strictSame(ManagedLoginBranding?.Assets, [])
      t.equal(ManagedLoginBranding?.UseCognitoProvidedValues, true)
    })

    await t.test('UpdateManagedLoginBranding knows images by their first bytes', async (t) => {
      const kinds: ['JPEG' | 'WEBP' | 'PNG', hex: string][] = [
        ['JPEG', 'ffd8ffe000104a464946'],
        ['WEBP', '524946460000000057454250'],
        ['PNG', '89504e470d0a1a0a'],
      ]
      for (const [Extension, hex] of kinds) {
        const image = { ...asset, Extension, Bytes: Buffer.from(hex, 'hex').toString('base64') }
        const { ManagedLoginBranding } = await idp.cognito.UpdateManagedLoginBranding({
          UserPoolId,
          ManagedLoginBrandingId: id,
          Assets: [image],
        })
        t.strictSame(ManagedLoginBranding?.Assets, [image])
      }
      const { Bytes, ...bare } = asset
      const kept = await idp.cognito.UpdateManagedLoginBranding({ UserPoolId, ManagedLoginBrandingId: id, Assets: [bare] })
      t.strictSame(kept.ManagedLoginBranding?.Assets, [bare])
      const both = idp.cognito.UpdateManagedLoginBranding({
        UserPoolId,
        ManagedLoginBrandingId: id,
        Settings,
        UseCognitoProvidedValues: true,
      })
      await refuses(t, both, ...refused('useCognitoProvidedValues or settings should be specified (but not both)'))
    })

    await t.test('UpdateManagedLoginBranding takes icons for the favicon only', async (t) => {
      const icon = { ...asset, Extension: 'ICO' as const, Bytes: Buffer.from('0000010001001010', 'hex').toString('base64') }
      const update = (image: typeof icon) =>
        idp.cognito.UpdateManagedLoginBranding({ UserPoolId, ManagedLoginBrandingId: id, Assets: [image] })
      await refuses(
        t,
        update(icon),
        'InvalidParameterException',
        'Invalid assets provided. Validation errors: [{category: FORM_LOGO, extension: ICO, colorMode: LIGHT, errorMessage: Extension ICO is not supported for this category}]',
      )
      const { ManagedLoginBranding } = await update({ ...icon, Category: 'FAVICON_ICO' as typeof icon.Category })
      t.match(ManagedLoginBranding?.Assets?.at(-1), { Category: 'FAVICON_ICO', Extension: 'ICO' })
    })

    await t.test('DeleteManagedLoginBranding', async (t) => {
      const input = { UserPoolId, ManagedLoginBrandingId: id }
      t.equal(await idp.cognito.DeleteManagedLoginBranding(input), undefined)
      await refuses(t, idp.cognito.DeleteManagedLoginBranding(input), ...notFound(`Managed login branding ${id} does not exist.`))
    })

    await t.test('a style goes with its client', async (t) => {
      await idp.cognito.CreateManagedLoginBranding({ UserPoolId, ClientId: third, UseCognitoProvidedValues: true })
      const { ManagedLoginBranding } = await idp.cognito.DescribeManagedLoginBrandingByClient({ UserPoolId, ClientId: third })
      await idp.cognito.DeleteUserPoolClient({ UserPoolId, ClientId: third })
      const ManagedLoginBrandingId = ManagedLoginBranding?.ManagedLoginBrandingId ?? ''
      await refuses(
        t,
        idp.cognito.DescribeManagedLoginBranding({ UserPoolId, ManagedLoginBrandingId }),
        ...notFound(`Managed login branding ${ManagedLoginBrandingId} does not exist.`),
      )
    })
  })

  await t.test('terms', async (t) => {
    const Links = { 'cognito:default': 'https://terms.example.com', 'cognito:spanish': 'https://terms.example.com/es' }
    const asked = { UserPoolId, ClientId, TermsName: 'terms-of-use', TermsSource: 'LINK', Enforcement: 'NONE', Links } as const
    let id = ''

    await t.test('CreateTerms (G9)', async (t) => {
      const { Terms } = await idp.cognito.CreateTerms(asked)
      const { TermsId = '', ...rest } = Terms ?? {}
      t.match(TermsId, UUID)
      t.strictSame(rest, { ...asked, CreationDate: NOW + 1, LastModifiedDate: NOW + 1 })
      id = TermsId
      await refuses(
        t,
        idp.cognito.CreateTerms(asked),
        'TermsExistsException',
        'Terms with the name terms-of-use already exist for the app client.',
      )
      const { Links: _, ...unlinked } = asked
      await refuses(
        t,
        idp.cognito.CreateTerms({ ...unlinked, TermsName: 'privacy-policy' }),
        ...refused('Links are required for terms of the source LINK'),
      )
      await refuses(
        t,
        idp.cognito.CreateTerms({ ...asked, TermsName: 'privacy-policy', Links: { 'cognito:default': 'terms' } }),
        ...refused('terms is not a valid URL'),
      )
      await t.rejects(idp.cognito.CreateTerms({ ...asked, TermsName: 'other' as 'terms-of-use' }), {
        message: /terms-of-use\|privacy-policy/,
      })
      await idp.cognito.CreateTerms({ ...asked, TermsName: 'privacy-policy' })
    })

    await t.test('DescribeTerms and DescribeTermsByClient', async (t) => {
      const { Terms } = await idp.cognito.DescribeTerms({ UserPoolId, TermsId: id })
      t.equal(Terms?.TermsName, 'terms-of-use')
      t.strictSame(await idp.cognito.DescribeTermsByClient({ UserPoolId, ClientId, TermsName: 'terms-of-use' }), { Terms })
      await refuses(t, idp.cognito.DescribeTerms({ UserPoolId, TermsId: NOBODY }), ...notFound(`Terms ${NOBODY} do not exist.`))
      await refuses(
        t,
        idp.cognito.DescribeTermsByClient({ UserPoolId, ClientId: other, TermsName: 'terms-of-use' }),
        ...notFound('Terms terms-of-use do not exist.'),
      )
    })

    await t.test('UpdateTerms keeps what is left out', async (t) => {
      idp.clock.advance(1000)
      const Links = { 'cognito:default': 'https://terms.example.com/v2' }
      const { Terms } = await idp.cognito.UpdateTerms({ UserPoolId, TermsId: id, Links })
      t.strictSame(Terms, { ...asked, TermsId: id, Links, CreationDate: NOW + 1, LastModifiedDate: NOW + 2 })
      await refuses(
        t,
        idp.cognito.UpdateTerms({ UserPoolId, TermsId: id, TermsName: 'privacy-policy' }),
        'TermsExistsException',
        'Terms with the name privacy-policy already exist for the app client.',
      )
    })

    await t.test('ListTerms in pages', async (t) => {
      const first = await idp.cognito.ListTerms({ UserPoolId, MaxResults: 1 })
      t.strictSame(first.Terms, [
        { TermsId: id, TermsName: 'terms-of-use', Enforcement: 'NONE', CreationDate: NOW + 1, LastModifiedDate: NOW + 2 },
      ])
      const rest = await idp.cognito.ListTerms({ UserPoolId, NextToken: first.NextToken })
      t.strictSame(
        rest.Terms.map(({ TermsName }) => TermsName),
        ['privacy-policy'],
      )
      await t.rejects(idp.cognito.ListTerms({ UserPoolId, NextToken: '' }), { name: 'InvalidParameterException' })
    })

    await t.test('DeleteTerms', async (t) => {
      t.equal(await idp.cognito.DeleteTerms({ UserPoolId, TermsId: id }), undefined)
      await refuses(t, idp.cognito.DeleteTerms({ UserPoolId, TermsId: id }), ...notFound(`Terms ${id} do not exist.`))
    })
  })
})
