/** Answers every request alike, at once; says its port first, and how many it has answered for each line of its stdin. */
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

let requests = 0;
const body = '{"user":17,"version":3,"visits":4}';
const server = createServer((request, response) => {
  requests++;
  request.resume();
  const cookie = request.url === '/login' ? { 'set-cookie': 'sid=0123456789abcdef.signature; HttpOnly' } : {};
  response.writeHead(200, { 'content-type': 'application/json', 'x-instance': 'app-1', ...cookie });
  response.end(body);
}).listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(address.port);
});
createInterface({ input: process.stdin })
  .on('line', () => console.log(requests))
  .on('close', () => process.exit(0));
