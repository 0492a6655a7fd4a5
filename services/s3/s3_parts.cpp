// The part of s3_bucket that writes large objects piece by piece.
#include "services/s3/s3_bucket.hpp"
#include "services/s3/s3_sums.hpp"
#include "services/storage/file_bytes.hpp"
#include "services/text/base64.hpp"

#include <utility>

namespace darkroom {

namespace {

/// All but the last one must have at least 5 MiB, and there are at most 10,000.
constexpr size_t part_size = size_t{8} << 20;

/// ETags are quoted texts, whose quotes may be escaped in XML or not.
std::string plain_tag(std::string tag) {
  std::erase(tag, '"');
  std::erase(tag, '<');
  std::erase(tag, '&');
  return tag;
}

} // namespace

/// The object appears once the last request has succeeded. If it does not, the
/// parts are removed; those of a process that died are left to the bucket's
/// rule for uploads that never ended.
status s3_bucket::put_in_parts(const std::string& key, std::string_view bytes,
                               const std::string& content_type) const {
  order x{"cannot write '" + key + '\'', "POST", key, {{"uploads", ""}}};
  x.headers = {{"content-type", content_type}, {sum_header, sha256_of(bytes)}};
  auto begun = run(x);
  if (!begun)
    return std::move(begun.error());
  auto id = read_upload_id(begun->body);
  if (!id)
    return fail(ec::storage_failed,
                x.what + " in " + describe() + ": " + id.error().context);
  auto list = put_parts(key, *id, bytes);
  auto done = list ? end_parts(key, *id, *list, bytes.size())
                   : status{std::move(list.error())};
  if (!done)
    (void)run(
      {"cannot give up '" + key + '\'', "DELETE", key, {{"uploadId", *id}}});
  return done;
}

/// @returns the list of the parts, for the last request
result<std::string> s3_bucket::put_parts(const std::string& key,
                                         const std::string& id,
                                         std::string_view bytes) const {
  std::string list;
  for (size_t at = 0, number = 1; at < bytes.size(); at += part_size) {
    auto part = bytes.substr(at, part_size);
    auto name = std::to_string(number++);
    order x{"cannot write part " + name + " of '" + key + '\'',
            "PUT",
            key,
            {{"partNumber", name}, {"uploadId", id}}};
    x.headers = {{"content-md5", to_base64(md5_of(part))}};
    x.body = part;
    x.check = [part](const http_answer& answer) {
      return sum_problem(answer, part);
    };
    auto sent = run(x);
    if (!sent)
      return std::move(sent.error());
    list += "<Part><PartNumber>" + name + "</PartNumber><ETag>\""
            + plain_tag(sent->header("etag")) + "\"</ETag></Part>";
  }
  return list;
}

status s3_bucket::end_parts(const std::string& key, const std::string& id,
                            const std::string& list, uint64_t size) const {
  auto body = "<CompleteMultipartUpload>" + list + "</CompleteMultipartUpload>";
  order x{"cannot end '" + key + '\'', "POST", key, {{"uploadId", id}}};
  x.headers = {{"content-type", "application/xml"}};
  x.body = body;
  auto ended = run(x);
  if (ended)
    return ok;
  // If only the answer was lost, the second try finds no such upload.
  if (ended.error().code == ec::not_found)
    if (auto there = head(key); there && there->size == size)
      return ok;
  return std::move(ended.error());
}

} // namespace darkroom
