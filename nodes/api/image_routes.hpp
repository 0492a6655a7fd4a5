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
#include <optional>
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
  image_routes(node_context& node, std::shared_ptr<image_storage> storage,
               local_storage aside, image_book book, catalog_reader reader,
               image_book outbox);

  /// The refusal of what needs a catalog, if there is none.
  std::optional<http_response> refuse_without_catalog() const;
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
                         const upload_outcome& outcome,
                         const trace_context& trace);

  // nodes/api/send_upload.cpp
  /// Writes what cannot be published within the catalog's transaction.
  status send(const upload_batch& batch, const upload_pictures& pictures);
  /// Gives the i-th picture its final name.
  status publish_one(const upload_batch& batch, const upload_pictures& pictures,
                     size_t i) const;

  // nodes/api/delete_image.cpp
  http_response delete_image(const http_request& request);
  result<nlohmann::json> remove_jobs(const std::string& image_id);
  status remove_waiting(std::vector<std::string>& ids,
                        std::vector<std::string>& removed);

  node_context& node_;
  std::shared_ptr<image_storage> storage_; ///< never null
  local_storage aside_; ///< for bodies of uploads; may be the storage itself
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
