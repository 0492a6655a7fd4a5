/// Splits what a client uploaded: each picture gets its own file.
#pragma once

#include "services/http/message.hpp"
#include "services/storage/local_storage.hpp"

#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// A picture in a staged file, without its final name.
struct uploaded_picture {
  std::string staged;        ///< its file, below the uploads folder
  std::string original_name; ///< the client's name; may be empty
  std::string extension;     ///< of its format, found from its bytes: "jpg"
  std::string sha256;        ///< of its bytes, in hex
};

/// The pictures of one request. The destructor removes the files that got no
/// final name.
class upload_pictures {
public:
  /// @param body the file that holds the body; the destructor removes it
  /// @param storage must outlive the pictures
  /// @param formats those that are read: [imaging] formats
  upload_pictures(const local_storage& storage, std::string body,
                  std::vector<std::string> formats);
  ~upload_pictures();
  upload_pictures(const upload_pictures&) = delete;
  upload_pictures& operator=(const upload_pictures&) = delete;

  /// Finds whether the body is a picture or a form with pictures.
  /// @returns a refusal if any of them is something else
  std::optional<http_response> read(const http_request& request);

  const std::vector<uploaded_picture>& all() const {
    return pictures_;
  }

  /// The hash of all their bytes, in order.
  std::string sha256() const;

private:
  /// Why these bytes are refused; nothing if the codec can read them.
  std::optional<http_response> refusal_of(std::string_view bytes,
                                          const std::string& name) const;
  std::optional<http_response> read_form_files(const http_request& request,
                                               std::string_view body);
  /// Writes a piece of the body to its own file.
  result<std::string> write_aside(const std::string& extension,
                                  std::string_view bytes);

  const local_storage& storage_;
  std::string body_; ///< absolute
  std::vector<std::string> formats_;
  std::vector<uploaded_picture> pictures_;
};

} // namespace darkroom
