/** Uploaded files, kept in memory and served again at the URL their attachment names. */
import type { UploadedFile } from "./route.ts";
import type { Id, Json, World } from "./world.ts";

export const FILE_BYTES_MAX = 10 * 1024 * 1024;

export type Attachments = {
  readonly store: (channelId: Id, file: UploadedFile, description: string | undefined) => Json;
  readonly read: (path: string) => { readonly type: string; readonly bytes: Uint8Array } | undefined;
};

export function createAttachments(world: World, origin: () => string): Attachments {
  const files = new Map<string, { type: string; bytes: Uint8Array }>();
  return {
    store(channelId, file, description) {
      const id = world.ids.next();
      const path = `/attachments/${channelId}/${id}/${encodeURIComponent(file.name)}`;
      files.set(path, { type: file.type, bytes: file.bytes });
      return {
        id,
        filename: file.name,
        size: file.bytes.length,
        url: origin() + path,
        proxy_url: origin() + path,
        content_type: file.type,
        content_scan_version: 0,
        ...(description === undefined ? {} : { description }),
      };
    },
    read: (path) => files.get(path),
  };
}
