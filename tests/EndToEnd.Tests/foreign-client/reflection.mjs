// Loads a service's protos from the running server through grpc.reflection.v1: no .proto file of ours is read.
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The public protocol: https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
const protocol = `syntax = "proto3";
package grpc.reflection.v1;
service ServerReflection { rpc ServerReflectionInfo(stream ServerReflectionRequest) returns (stream ServerReflectionResponse); }
message ServerReflectionRequest { string host = 1; oneof message_request { string file_by_filename = 3; string file_containing_symbol = 4; string list_services = 7; } }
message ServerReflectionResponse { oneof message_response { FileDescriptorResponse file_descriptor_response = 4; ListServiceResponse list_services_response = 6; ErrorResponse error_response = 7; } }
message FileDescriptorResponse { repeated bytes file_descriptor_proto = 1; }
message ListServiceResponse { repeated ServiceResponse service = 1; }
message ServiceResponse { string name = 1; }
message ErrorResponse { int32 error_code = 1; string error_message = 2; }`;

const options = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };

function reflectionClient(address) {
  const file = join(mkdtempSync(join(tmpdir(), 'rag-reflection-')), 'reflection.proto');
  writeFileSync(file, protocol);
  const { grpc: loaded } = grpc.loadPackageDefinition(protoLoader.loadSync(file, options));
  return new loaded.reflection.v1.ServerReflection(address, grpc.credentials.createInsecure());
}

// A FileDescriptorSet is the files as repeated field 1: tag 0x0a, length, bytes.
function descriptorSet(files) {
  const parts = files.flatMap((file) => {
    const length = [];
    let rest = file.length;
    do {
      length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
      rest >>>= 7;
    } while (rest > 0);
    return [Buffer.from([0x0a, ...length]), file];
  });
  return Buffer.concat(parts);
}

export async function loadService(address, symbol) {
  const client = reflectionClient(address);
  const response = await new Promise((resolve, reject) => {
    const call = client.ServerReflectionInfo({ deadline: Date.now() + 20_000 });
    call.on('data', (data) => { call.end(); resolve(data); });
    call.on('error', reject);
    call.write({ file_containing_symbol: symbol });
  });
  client.close();
  if (!response.file_descriptor_response) throw new Error(`reflection: ${JSON.stringify(response.error_response)}`);
  const set = descriptorSet(response.file_descriptor_response.file_descriptor_proto);
  const definition = protoLoader.loadFileDescriptorSetFromBuffer(set, options);
  const loaded = grpc.loadPackageDefinition(definition);
  return symbol.split('.').reduce((scope, part) => scope[part], loaded);
}
