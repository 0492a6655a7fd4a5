/// The HTTP API of a main node: what browsers, probes and scripts ask.
#pragma once

#include "messages/interfaces.hpp"
#include "nodes/api/outbox_drainer.hpp"
#include "nodes/api/upload_pictures.hpp"
#include "nodes/chaos/runner.hpp"
#include "nodes/node_context.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/catalog/image_book.hpp"
#include "services/http/http_server.hpp"
#include "services/process/last_answer.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/queue_admin.hpp"
#include "services/storage/local_storage.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

namespace darkroom {

struct http_api_options {
  bool is_chaos = false; ///< `--chaos`: actors may be killed from outside
  /// The URL at which this process itself reaches the API, once it is served.
  std::function<std::string()> own_url;
};

/// Answers requests on the server's handler threads. Reads the catalog and the
/// queue over connections of its own; asks actors with a time limit.
class http_api {
public:
  /// @param node outlives the api
  /// @returns what is wrong with the catalog or the uploads folder
  static result<std::unique_ptr<http_api>> make(node_context& node,
                                                http_api_options options);

  /// Registers all routes.
  void add_routes(http_server& server, sse_hub& hub);

private:
  http_api(node_context& node, http_api_options options, local_storage storage,
           image_book book, catalog_reader reader, image_book outbox);

  // nodes/api/image_routes.cpp
  void add_image_routes(http_server& server);
  http_response list_images(const http_request& request);
  http_response one_image(const http_request& request);
  http_response stored_file(const http_request& request);

  // nodes/api/upload_image.cpp
  void add_upload_routes(http_server& server);
  upload_decision begin_upload(const http_request& request);
  http_response finish_upload(const http_request& request,
                              const std::string& path);
  result<upload_outcome> store(const upload_batch& batch,
                               const upload_pictures& pictures);
  http_response add_jobs(const upload_batch& batch,
                         const upload_outcome& outcome);

  // nodes/api/delete_image.cpp
  void add_delete_routes(http_server& server);
  http_response delete_image(const http_request& request);
  result<nlohmann::json> remove_jobs(const std::string& image_id);

  // nodes/api/queue_routes.cpp
  void add_queue_routes(http_server& server);
  http_response queue_state(const http_request& request);
  http_response set_paused(bool is_paused);

  // nodes/api/job_routes.cpp
  void add_job_routes(http_server& server);
  http_response list_jobs(const http_request& request);
  http_response one_job(const http_request& request);
  http_response remove_job(const http_request& request);
  http_response retry_job(const http_request& request);
  http_response promote_job(const http_request& request);
  http_response explain_job(const http_request& request);
  http_response cancel_job(const http_request& request);
  http_response cancel_running(const std::string& id);
  /// Asks the dispatcher. @returns those that it stops, and why it does not
  id_list stop_running(const std::vector<std::string>& ids);
  std::optional<http_response> refuse_without_catalog(const stored_job& job);
  void note_failed(const stored_job& job, const char* why);
  void tell_cancelled(const stored_job& job);

  // nodes/api/node_routes.cpp
  void add_node_routes(http_server& server);
  http_response list_nodes_and_actors(const http_request& request);
  http_response order_node(const http_request& request, bool is_cordoned);
  /// @returns whether there is such a node; none where nobody could tell
  std::optional<bool> order_own_pool(const node_order& order);
  std::optional<bool> order_worker(const node_order& order);
  child_list own_actors();

  // nodes/api/health_routes.cpp
  void add_health_routes(http_server& server, sse_hub& hub);
  /// What a probe has to ask others for.
  struct health_look {
    status redis = ok;
    std::optional<dispatch_status> work;
  };
  health_look look_at_health();
  http_response readiness();
  http_response latest_metrics();
  void count_served();
  bool measure_all();
  void measure_nodes();
  void measure_actors(const std::string& node, const child_list& list);

  // nodes/api/chaos_routes.cpp
  void add_chaos_routes(http_server& server);
  http_response kill_actor(const http_request& request);
  http_response kill_actor_of_node(const http_request& request);
  http_response cut_node(const http_request& request);
  http_response pass_on(const chaos_order& order);
  http_response chaos_state(const http_request& request);
  http_response start_chaos(const http_request& request);
  http_response act_chaos(const http_request& request);
  http_response stop_chaos(const http_request& request);

  node_context& node_;
  http_api_options options_;
  local_storage storage_;
  std::mutex book_mutex_;
  image_book book_;
  catalog_reader reader_;
  std::mutex queue_mutex_;
  job_queue queue_;
  queue_admin admin_;
  std::mutex adder_mutex_;
  job_queue adder_; ///< for uploads: what else is asked does not hold them up
  job_queue probe_queue_;   ///< of `health_`'s thread
  job_queue metrics_queue_; ///< of `measured_`'s thread, as all below
  const http_server* server_ = nullptr;
  const sse_hub* hub_ = nullptr;
  std::set<std::string> measured_nodes_; ///< whose actors are in the metrics
  /// Jobs without a node, by type: a gauge that was set once is never left.
  std::map<std::string, uint64_t> homeless_;
  std::atomic<uint64_t> chaos_stops_ = 0; ///< asked for, since the start
  chaos_runner chaos_;
  outbox_drainer outbox_;
  last_answer<health_look> health_; // first to go: they use all above
  last_answer<bool> measured_;      ///< whether it did
};

} // namespace darkroom
