/// Images over HTTP: show, fetch, upload and delete them.
#pragma once

#include "nodes/api/outbox_drainer.hpp"
#include "nodes/api/upload_pictures.hpp"
#include "nodes/node_context.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/catalog/image_book.hpp"
#include "services/http/http_server.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/queue_admin.hpp"
#include "services/storage/local_storage.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace darkroom {

/// Has its own connections to the catalog and to Redis. Uploads and deletions
/// use separate ones, because either may wait for Redis.
class image_routes {
public:
  /// @param node must outlive the routes
  /// @returns what is wrong with the catalog or the uploads folder
  static result<std::unique_ptr<image_routes>> make(node_context& node);

  /// The routes must outlive the running server.
  void add_to(http_server& server);

private:
  image_routes(node_context& node, local_storage storage, image_book book,
               catalog_reader reader, image_book outbox);

  http_response list_images(const http_request& request);
  http_response one_image(const http_request& request);
  http_response stored_file(const http_request& request);

  // nodes/api/upload_image.cpp
  void add_upload_to(http_server& server);
  upload_decision begin_upload(const http_request& request);
  http_response finish_upload(const http_request& request,
                              const std::string& path);
  result<upload_outcome> store(const upload_batch& batch,
                               const upload_pictures& pictures);
  bool add(const std::vector<new_job>& jobs, int64_t created_at);
  http_response add_jobs(const upload_batch& batch,
                         const upload_outcome& outcome);

  // nodes/api/delete_image.cpp
  http_response delete_image(const http_request& request);
  result<nlohmann::json> remove_jobs(const std::string& image_id);

  node_context& node_;
  local_storage storage_;
  catalog_reader reader_;
  std::mutex book_mutex_;
  image_book book_;
  std::mutex adder_mutex_;
  job_queue adder_; ///< of uploads
  std::mutex remover_mutex_;
  job_queue counter_;   ///< of deletions, which check that Redis answers …
  queue_admin remover_; ///< … and remove jobs
  outbox_drainer outbox_;
};

} // namespace darkroom
