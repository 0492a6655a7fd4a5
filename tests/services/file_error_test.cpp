#define CAF_SUITE file_error

#include "services/codec/picture_file.hpp"
#include "services/storage/file_error.hpp"
#include "services/storage/local_storage.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>

using namespace darkroom;
using namespace darkroom::test;

namespace fs = std::filesystem;

namespace {

struct file_error_fixture {
  scratch_folder folder;
  local_storage storage = *local_storage::open(folder / "uploads");

  // Of the way that a job takes: the name is looked up, then opened.
  ec refusal(const std::string& name) {
    auto path = storage.resolve(name);
    if (!path)
      return path.error().code;
    auto file = picture_file::open(*path, 1000);
    return file ? ec::none : file.error().code;
  }

  std::string at(const std::string& name) {
    return storage.root() + "/" + name;
  }
};

} // namespace

CAF_TEST(what may pass is retried and what is hopeless is not ) {
  for (auto number : {ENAMETOOLONG, ELOOP, ENOTDIR, EISDIR, ENXIO, ENODEV,
                      EINVAL, EILSEQ, EFBIG, EOVERFLOW}) {
    CAF_MESSAGE(number);
    CAF_CHECK(!is_retryable(file_error_code(number)));
  }
  for (auto number :
       {ENOENT, EIO,     ESTALE,    EACCES,  EPERM,     EMFILE, ENFILE,
        ENOMEM, EINTR,   EAGAIN,    EBUSY,   ETIMEDOUT, ENOSPC, EROFS,
        EDQUOT, ENOLINK, EHOSTDOWN, ETXTBSY, 0,         9999}) {
    CAF_MESSAGE(number);
    CAF_CHECK(is_retryable(file_error_code(number)));
  }
  CAF_CHECK_EQUAL(file_error_code(ENOENT), ec::not_found);
}

CAF_TEST_FIXTURE_SCOPE(file_error_tests, file_error_fixture)

CAF_TEST(a name that no picture can have is refused for good) {
  CAF_CHECK_EQUAL(refusal(std::string(300, 'x')), ec::bad_input);
  CAF_CHECK_EQUAL(refusal("a/" + std::string(5000, 'y')), ec::bad_input);
  fs::create_symlink("loop-2", at("loop-1"));
  fs::create_symlink("loop-1", at("loop-2"));
  CAF_CHECK_EQUAL(refusal("loop-1"), ec::bad_input);
  CAF_CHECK_EQUAL(refusal("loop-1/a.jpg"), ec::bad_input);
  write_file(at("file"), "x");
  CAF_CHECK_EQUAL(refusal("file/a.jpg"), ec::bad_input);
  fs::create_directory(at("folder"));
  CAF_CHECK_EQUAL(refusal("folder"), ec::bad_input);
  CAF_REQUIRE_EQUAL(::mkfifo(at("fifo").c_str(), 0600), 0);
  CAF_CHECK_EQUAL(refusal("fifo"), ec::bad_input);
}

CAF_TEST(a socket is no picture) {
  auto fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  CAF_REQUIRE(fd >= 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  auto path = at("socket");
  CAF_REQUIRE(path.size() < sizeof(name.sun_path));
  path.copy(name.sun_path, path.size());
  CAF_REQUIRE_EQUAL(
    ::bind(fd, reinterpret_cast<sockaddr*>(&name), sizeof(name)), 0);
  CAF_CHECK_EQUAL(refusal("socket"), ec::bad_input);
  ::close(fd);
}

CAF_TEST(a file that is missing may still come) {
  CAF_CHECK_EQUAL(refusal("later.jpg"), ec::not_found);
  CAF_CHECK_EQUAL(refusal("folder/later.jpg"), ec::not_found);
  fs::create_symlink("later.jpg", at("dangling"));
  CAF_CHECK_EQUAL(refusal("dangling"), ec::not_found);
}

CAF_TEST_FIXTURE_SCOPE_END()
