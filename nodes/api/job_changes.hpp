/// What operators do to jobs over HTTP. The catalog and the web tier hear about
/// jobs that end by it.
#pragma once

#include "actors/job_failure.hpp"
#include "nodes/node_context.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/redis/queue_admin.hpp"

#include <string>

namespace darkroom {

/// Not thread-safe; calls block. Asks Redis, the dispatcher and the catalog.
/// @returns of all calls: the errors of `queue_admin`, and
/// ec::catalog_unavailable
///   if the catalog could not be told; then the job is as it was
class job_changes {
public:
  /// @param node and reader must outlive this object
  job_changes(node_context& node, catalog_reader& reader);

  /// @param is_fresh with all its attempts
  status retry(const std::string& id, bool is_fresh);

  status promote(const std::string& id);

  /// Removes a job with its children.
  status remove(const std::string& id);

  /// Fails a job that has not started.
  /// @returns false for a running job, which `stop` stops
  result<bool> cancel(const std::string& id);

  /// Has the dispatcher stop a running job; waits for its answer, for up to
  /// `actor_timeout`. Thread-safe, so call it without the lock of this object.
  /// @returns ec::conflict if the job runs under another process
  status stop(const std::string& id);

  queue_admin& admin() {
    return admin_;
  }

private:
  /// The job, if the catalog can be told about its end.
  result<stored_job> ready_to_end(const std::string& id);
  void tell(const failed_job& job);

  node_context& node_;
  catalog_reader& reader_;
  queue_admin admin_; ///< tells about each unfinished job that it removes
};

} // namespace darkroom
