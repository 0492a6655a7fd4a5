/// What a client uploaded, taken apart: each picture in a file of its own.
#pragma once

#include "services/http/message.hpp"
#include "services/storage/local_storage.hpp"

#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// A picture that lies aside.
struct uploaded_picture {
  std::string staged;        ///< its file, below the uploads folder
  std::string original_name; ///< as the client calls it; may be empty
  std::string extension;     ///< of what it is, by its bytes: "jpg"
  std::string sha256;        ///< of its bytes, in hex
};

/// The pictures of one request. Removes the files of those that got no final
/// name when it goes out of scope.
class upload_pictures {
public:
  /// @param body the file that the body was written to; is removed at the end
  /// @param storage outlives the pictures
  upload_pictures(const local_storage& storage, std::string body);
  ~upload_pictures();
  upload_pictures(const upload_pictures&) = delete;
  upload_pictures& operator=(const upload_pictures&) = delete;

  /// Finds what the body is: a picture, or a form with pictures.
  /// @returns a refusal where any of them is something else
  std::optional<http_response> read(const http_request& request);

  const std::vector<uploaded_picture>& all() const {
    return pictures_;
  }

  /// Of all their bytes, in order.
  std::string sha256() const;

private:
  std::optional<http_response> read_form_files(const http_request& request,
                                               std::string_view body);
  /// Writes a piece of the body to a file of its own.
  result<std::string> write_aside(const std::string& extension,
                                  std::string_view bytes);

  const local_storage& storage_;
  std::string body_; ///< absolute
  std::vector<uploaded_picture> pictures_;
};

} // namespace darkroom
