/// Images over HTTP: upload, look at, fetch.
#include "config/clock.hpp"
#include "nodes/http_api.hpp"
#include "services/catalog/image_json.hpp"
#include "services/json/json.hpp"
#include "services/random/random_id.hpp"
#include "services/redis/job_options.hpp"
#include "services/storage/names.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace darkroom {

namespace {

constexpr int64_t default_page = 50;

int64_t number_arg(const http_request& request, const char* name,
                   int64_t otherwise) {
  auto text = request.arg(name);
  int64_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The extension of the file that is uploaded: of its name, else of its type.
std::string extension_of(const http_request& request) {
  auto name = std::filesystem::path{request.arg("name")}.extension().string();
  if (name.size() > 1)
    return lower_case(name.substr(1));
  auto type = request.header("content-type");
  if (type.rfind("image/", 0) == 0)
    return lower_case(type.substr(6));
  return "bin"; // the codec looks at the bytes, not at the name
}

} // namespace

void http_api::add_image_routes(http_server& server) {
  server.route("GET", "/api/images",
               [this](const http_request& x) { return list_images(x); });
  server.route("GET", "/api/images/{id}",
               [this](const http_request& x) { return one_image(x); });
  server.route(
    "GET", "/files/{path...}",
    [this](const http_request& x) { return stored_file(x); }, http_lane::file);
  upload_route upload;
  upload.begin = [this](const http_request& x) {
    return begin_upload(x);
  };
  upload.finish = [this](const http_request& x, const std::string& path,
                         uint64_t) {
    return finish_upload(x, path);
  };
  server.upload("/api/images", upload);
}

http_response http_api::list_images(const http_request& request) {
  auto limit = std::clamp<int64_t>(number_arg(request, "limit", default_page),
                                   1, 500);
  auto offset = std::max<int64_t>(number_arg(request, "offset", 0), 0);
  auto page = reader_.list_images(limit, offset, request.arg("status"));
  if (!page)
    return error_response(page.error());
  return json_response(200, write_json(to_json(*page)));
}

http_response http_api::one_image(const http_request& request) {
  auto image = reader_.image(request.param("id"));
  if (!image)
    return error_response(image.error(), "GET /api/images lists what there is");
  return json_response(200, write_json(to_json(*image)));
}

http_response http_api::stored_file(const http_request& request) {
  auto name = request.param("path");
  if (is_staged(name))
    return error_response(404, "not_found", "there is no file '" + name + "'");
  auto path = storage_.resolve(name);
  if (!path)
    return error_response(path.error());
  http_response out;
  out.file = std::move(*path);
  return out;
}

upload_decision http_api::begin_upload(const http_request& request) {
  // Aside, under a name that nobody else has; finish_upload renames it.
  auto name = upload_name(original_name(random_id(), extension_of(request)));
  auto path = storage_.resolve(name);
  if (!path)
    return {{}, error_response(path.error())};
  std::error_code failure;
  std::filesystem::create_directories(
    std::filesystem::path{*path}.parent_path(), failure);
  if (failure)
    return {{},
            error_response(
              fail(ec::storage_failed,
                   "cannot make the folder of uploads: " + failure.message()))};
  return {*path, {}};
}

http_response http_api::finish_upload(const http_request& request,
                                      const std::string& path) {
  auto image_id = random_id();
  auto name = original_name(image_id, extension_of(request));
  auto staged = std::filesystem::relative(path, storage_.root()).string();
  auto published = storage_.publish({staged, name});
  if (!published) {
    (void)storage_.discard({staged, name});
    return error_response(published.error());
  }
  auto now = wall_clock_ms();
  {
    std::lock_guard guard{writer_mutex_};
    auto known = writer_.ensure_image(image_id, name, now);
    if (!known) {
      std::error_code ignored; // a file that nobody knows of
      std::filesystem::remove(storage_.root() + '/' + name, ignored);
      return error_response(known.error());
    }
  }
  auto data = write_json({{"imageId", image_id}, {"filePath", name}});
  auto options = default_job_options(node_.config.jobs);
  std::vector<new_job> jobs(2);
  jobs[0].name = "generate-metadata";
  jobs[1].name = "generate-variants";
  for (auto& x : jobs) {
    x.data = data;
    x.options = options;
  }
  std::lock_guard guard{adder_mutex_};
  auto ids = adder_.add(jobs, now);
  if (!ids)
    return error_response(ids.error(), "the picture is stored as " + name
                                         + ", but its jobs could not be added");
  auto added = nlohmann::json::array();
  for (size_t i = 0; i < ids->size(); ++i)
    added.push_back({{"id", (*ids)[i]}, {"name", jobs[i].name}});
  return json_response(
    201,
    write_json({{"imageId", image_id}, {"filePath", name}, {"jobs", added}}));
}

} // namespace darkroom
