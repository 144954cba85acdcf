// A provider of people as VNConnect describes them. Usage: node provider.mjs PORT REDIRECT_URI. It has no pages: whoever asks with
// login_hint=NAME is that person, so that a test can be everyone. `tamper` in acr_values makes the provider lie, to see it refused.
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const [port, redirect, clientKey] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;
const people = {
  lan: { TechID: 'tech-lan', LoaiTaiKhoan: '1', HoVaTen: 'Nguyễn Thị Lan', SoDinhDanh: '051190000123', NgayThangNamSinh: '19900115', loginIdp: 'vneid' },
  minh: { TechID: 'tech-minh', LoaiTaiKhoan: '1', HoVaTen: 'Trần Văn Minh', SoDinhDanh: '051085000456', NgayThangNamSinh: '19850302', loginIdp: 'vneid' },
  congty: { TechID: 'tech-congty', LoaiTaiKhoan: '2', HoVaTen: 'Công ty Thử', SoDinhDanh: '051000000789', NgayThangNamSinh: '20000101', loginIdp: 'vneid' },
};
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = privateKey.export({ format: 'jwk' });

const provider = new Provider(issuer, {
  clients: [
    { client_id: 'lienthong', client_secret: 'a secret: with/marks', redirect_uris: [redirect], grant_types: ['authorization_code'], response_types: ['code'] },
    ...(clientKey ? [{
      client_id: 'lienthong-key', redirect_uris: [redirect], grant_types: ['authorization_code'], response_types: ['code'],
      token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [JSON.parse(Buffer.from(clientKey, 'base64').toString())] },
    }] : []),
  ],
  jwks: { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: 'test-key' }] },
  pkce: { required: () => true },
  claims: { openid: ['sub', 'TechID', 'LoaiTaiKhoan', 'HoVaTen', 'SoDinhDanh', 'NgayThangNamSinh', 'loginIdp'] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id.replace('sub-', '')] }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ['only a test'] },
  ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 300, Session: 300, Grant: 300 },
});

// Signs in and consents without asking.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const { params, session, prompt } = await provider.interactionDetails(ctx.req, ctx.res);
  const accountId = session?.accountId ?? `sub-${params.login_hint ?? process.env.PERSON ?? 'lan'}`;
  if (prompt.name === 'login') return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId } });
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope('openid');
  grant.addOIDCClaims(['sub', ...Object.keys(people.lan)]);
  return provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } });
});

provider.listen(Number(port), 'localhost', () => console.log(`ready ${issuer}`));
