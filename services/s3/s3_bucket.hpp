/// A bucket of an S3 server, below a prefix.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/s3/s3_address.hpp"
#include "services/s3/s3_retry.hpp"
#include "services/s3/s3_signature.hpp"
#include "services/s3/s3_wire.hpp"
#include "services/s3/s3_xml.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace darkroom {

/// Each method sends its request up to `s3_attempts` times, and blocks until it
/// succeeded or was refused. Keys are relative to the prefix. Thread-safe;
/// copies share their connections. Errors are ec::not_found for an object that
/// is not there, and ec::storage_failed with the server's own words.
class s3_bucket {
public:
  /// Sends nothing.
  /// @returns ec::bad_config if the endpoint is no URL
  static result<s3_bucket> open(const storage_settings& storage);

  /// Writes an object, which is there whole or not at all. Replaces an older
  /// one. Large ones are sent in parts.
  status put(const std::string& key, std::string_view bytes,
             const std::string& content_type) const;

  /// Reads an object into an open file, from its beginning.
  /// @param cancel null means never cancelled
  /// @returns its size; ec::too_large above `most`; ec::cancelled
  result<uint64_t> get(const std::string& key, int to_file, uint64_t most,
                       const std::atomic<bool>* cancel) const;

  /// Size and time of an object.
  result<s3_object> head(const std::string& key) const;

  /// Copies an object on the server.
  status copy(const std::string& from, const std::string& to) const;

  /// Removes an object. Succeeds if there is none.
  status remove(const std::string& key) const;

  /// The objects whose keys begin with `folder`, ordered by key.
  /// @param token of the page before; empty: the first page
  /// @param most 1 to 1000
  result<s3_page> list(const std::string& folder, const std::string& token,
                       uint64_t most) const;

  /// A URL by which anybody may read the object until `s3_link_lifetime` has
  /// passed. Never log it.
  /// @param method "GET" or "HEAD"
  std::string link(const std::string& key, const std::string& method,
                   const std::string& content_type, int64_t now) const;

  const s3_address& address() const {
    return address_;
  }

  /// "bucket 'pictures' at https://s3.amazonaws.com, below 'a/'".
  std::string describe() const;

private:
  /// A request, before it is signed.
  struct order {
    std::string what; ///< "cannot read 'cat.jpg'"
    std::string method;
    std::string key; ///< empty: the bucket
    std::map<std::string, std::string> query = {};
    std::map<std::string, std::string> headers = {};
    std::string_view body = {};
    /// Looks at the answer of a 2xx. @returns what is wrong with it, or nothing
    std::function<std::string(const http_answer&)> check = {};
    std::function<void()> begin = {}; ///< called before each try
    std::function<bool(std::string_view)> take = {};
    const std::atomic<bool>* cancel = nullptr;
  };

  s3_bucket(const storage_settings& storage, s3_address address);

  result<http_answer> run(const order& x) const;
  s3_call call_of(const order& x, const std::string& body_sha256) const;
  std::string path_of(const std::string& key) const;
  status put_whole(const std::string& key, std::string_view bytes,
                   const std::string& content_type) const;

  // services/s3/s3_parts.cpp
  status put_in_parts(const std::string& key, std::string_view bytes,
                      const std::string& content_type) const;
  result<std::string> put_parts(const std::string& key, const std::string& id,
                                std::string_view bytes) const;
  status end_parts(const std::string& key, const std::string& id,
                   const std::string& list, uint64_t size) const;

  storage_settings settings_;
  s3_address address_;
  s3_signer signer_;
  std::shared_ptr<s3_wire> wire_; ///< never null
};

} // namespace darkroom
