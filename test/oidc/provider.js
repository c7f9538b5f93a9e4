// A real OpenID Connect provider for test/accounts.py: `node provider.js MODE_FILE`. Prints its issuer; what MODE_FILE says when a token is asked
// for decides what is wrong with it.
const fs = require('fs');
const { OAuth2Server } = require('oauth2-mock-server');

async function main() {
  const server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  const mode = () => fs.readFileSync(process.argv[2], 'utf8').trim();
  server.service.on('beforeTokenSigning', (token) => {
    const p = token.payload;
    const now = Math.floor(Date.now() / 1000);
    p.email = 'ana@uno.example';
    p.email_verified = true;
    if (mode() === 'wrong-nonce') p.nonce = 'another';
    if (mode() === 'no-nonce') delete p.nonce;
    if (mode() === 'expired') { p.iat = now - 7200; p.exp = now - 3600; }
    if (mode() === 'wrong-audience') p.aud = 'another-program';
    if (mode() === 'wrong-issuer') p.iss = 'https://id.example.evil';
    if (mode() === 'not-verified') p.email_verified = false;
    if (mode() === 'stranger') p.email = 'nobody@uno.example';
  });
  server.service.on('beforeResponse', (response) => {
    if (!response.body.id_token) return;
    const [head, payload, signature] = response.body.id_token.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    if (mode() === 'no-signature') response.body.id_token = `${none}.${payload}.`;
    if (mode() === 'other-payload') {
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      claims.email = 'root@uno.example';
      response.body.id_token = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
    }
  });
  await server.start(0, '127.0.0.1');
  server.issuer.url = server.issuer.url.replace('localhost', '127.0.0.1');
  console.log(server.issuer.url);
}

main();
