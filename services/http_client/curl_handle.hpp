/// What a `curl_pool` keeps. Only sources include this, so that libcurl's
/// header reaches no layer above.
#pragma once

#include "services/http_client/curl_pool.hpp"

#include <curl/curl.h>

#include <memory>

namespace darkroom {

struct curl_pool::handle {
  struct closer {
    void operator()(CURL* x) const {
      curl_easy_cleanup(x);
    }
  };
  std::unique_ptr<CURL, closer> curl; ///< null if there is no memory for one
  char detail[CURL_ERROR_SIZE] = {};  ///< for CURLOPT_ERRORBUFFER
};

} // namespace darkroom
