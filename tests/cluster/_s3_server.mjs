// s3rver as a process: _s3_server.mjs FOLDER BUCKET. It makes its continuation
// tokens with DES, which Node has with --openssl-legacy-provider only.
import S3rver from '@20minutes/s3rver';

const [directory, name] = process.argv.slice(2);
const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets: [{ name }] });
const { port } = await server.run();
console.log(`ready at ${port}`);
