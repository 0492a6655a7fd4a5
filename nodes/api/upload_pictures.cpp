#include "nodes/api/upload_pictures.hpp"

#include "services/http/multipart.hpp"
#include "services/random/random_id.hpp"
#include "services/storage/file_bytes.hpp"
#include "services/storage/given_name.hpp"
#include "services/storage/names.hpp"
#include "services/storage/picture_type.hpp"

#include <filesystem>
#include <utility>

namespace darkroom {

upload_pictures::upload_pictures(const local_storage& storage, std::string body,
                                 std::vector<std::string> formats)
  : storage_(storage),
    body_(std::move(body)),
    formats_(std::move(formats)) {}

upload_pictures::~upload_pictures() {
  std::error_code ignored; // fails for a file that got its final name
  std::filesystem::remove(body_, ignored);
  for (const auto& x : pictures_)
    std::filesystem::remove(storage_.root() + '/' + x.staged, ignored);
}

std::optional<http_response>
upload_pictures::refusal_of(std::string_view bytes,
                            const std::string& name) const {
  auto subject = name.empty() ? "the upload" : "'" + name + "'";
  auto hint = "give " + names_of(formats_);
  if (bytes.empty())
    return error_response(400, "bad_input", subject + " is empty", hint);
  auto type = find_picture_type(bytes);
  if (is_read(type, formats_))
    return std::nullopt;
  return error_response(415, "unsupported_type",
                        subject + " is " + type.what
                          + ", no picture that is "
                            "read",
                        hint);
}

std::optional<http_response>
upload_pictures::read(const http_request& request) {
  auto body = file_bytes::open(body_);
  if (!body)
    return error_response(body.error());
  auto bytes = body->view();
  auto type = request.header("content-type");
  if (is_form(type))
    return read_form_files(request, bytes);
  if (lower_case(type).rfind("multipart/", 0) == 0)
    return error_response(415, "unsupported_type",
                          "of multipart bodies only multipart/form-data is "
                          "read");
  auto name = given_name(request.arg("name"));
  if (auto refusal = refusal_of(bytes, name))
    return refusal;
  auto staged
    = std::filesystem::path{body_}.lexically_relative(storage_.root());
  pictures_.push_back({staged.string(), name,
                       extension_of(find_picture_type(bytes).format),
                       sha256_of(bytes)});
  return std::nullopt;
}

std::optional<http_response>
upload_pictures::read_form_files(const http_request& request,
                                 std::string_view body) {
  auto files = read_form(request.header("content-type"), body);
  if (!files)
    return error_response(files.error());
  if (files->empty())
    return error_response(400, "bad_input", "the form has no file",
                          "curl -F picture=@photo.jpg sends one");
  for (const auto& x : *files)
    if (auto refusal = refusal_of(x.bytes, given_name(x.filename)))
      return refusal;
  for (const auto& x : *files) {
    auto extension = extension_of(find_picture_type(x.bytes).format);
    auto staged = write_aside(extension, x.bytes);
    if (!staged)
      return error_response(staged.error(), "free some disk space");
    pictures_.push_back(
      {*staged, given_name(x.filename), extension, sha256_of(x.bytes)});
  }
  return std::nullopt;
}

result<std::string> upload_pictures::write_aside(const std::string& extension,
                                                 std::string_view bytes) {
  auto name = upload_name(original_name(random_id(), extension));
  auto path = storage_.resolve(name);
  if (!path)
    return std::move(path.error());
  auto file = staged_upload::create(*path, {});
  if (!file)
    return std::move(file.error());
  if (auto written = file->append(bytes); !written)
    return std::move(written.error());
  if (auto kept = file->keep(); !kept)
    return std::move(kept.error());
  return name;
}

std::string upload_pictures::sha256() const {
  std::string all;
  for (const auto& x : pictures_)
    all += x.sha256;
  return pictures_.size() == 1 ? all : sha256_of(all);
}

} // namespace darkroom
