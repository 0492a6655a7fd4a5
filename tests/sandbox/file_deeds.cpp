#include "tests/sandbox/deeds.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace darkroom::test {

namespace {

constexpr int here = AT_FDCWD;
constexpr int nobody = 65534;

long open_as(const std::string& path, int flags) {
  return syscall(SYS_openat, here, path.c_str(), flags, 0644);
}

long map_leaked(const prey& x) {
  auto at = syscall(SYS_mmap, nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
                    x.file, 0);
  if (at == -1)
    return -1;
  *reinterpret_cast<volatile char*>(at) = '!';
  return 0;
}

long write_leaked_vector(const prey& x) {
  iovec part{const_cast<char*>("!"), 1};
  return syscall(SYS_pwritev2, x.file, &part, 1, 0, 0, 0);
}

const std::vector<deed> all{
  {"read a file",
   [](const prey& x) {
     return open_as(x.precious(), O_RDONLY);
   }},
  {"read /etc/passwd",
   [](const prey&) {
     return open_as("/etc/passwd", O_RDONLY);
   }},
  {"list a folder",
   [](const prey& x) {
     return open_as(x.folder, O_RDONLY | O_DIRECTORY);
   }},
  {"write a file",
   [](const prey& x) {
     return open_as(x.precious(), O_WRONLY | O_TRUNC);
   }},
  {"make a file",
   [](const prey& x) {
     return open_as(x.folder + "/new", O_WRONLY | O_CREAT);
   }},
  {"make a file without a name",
   [](const prey& x) { return open_as(x.folder, O_WRONLY | O_TMPFILE); },
   false},
  {"openat2",
   [](const prey& x) {
     open_how how{O_RDWR, 0, 0};
     return syscall(SYS_openat2, here, x.precious().c_str(), &how, sizeof how);
   }},
#ifdef SYS_open
  {"open",
   [](const prey& x) {
     return syscall(SYS_open, x.precious().c_str(), O_RDWR);
   }},
  {"creat",
   [](const prey& x) {
     return syscall(SYS_creat, x.precious().c_str(), 0644);
   }},
  {"unlink",
   [](const prey& x) {
     return syscall(SYS_unlink, x.precious().c_str());
   }},
  {"rename",
   [](const prey& x) {
     return syscall(SYS_rename, x.precious().c_str(),
                    (x.folder + "/new").c_str());
   }},
  {"symlink",
   [](const prey& x) {
     return syscall(SYS_symlink, "precious", (x.folder + "/new").c_str());
   }},
  {"link",
   [](const prey& x) {
     return syscall(SYS_link, x.precious().c_str(),
                    (x.folder + "/new").c_str());
   }},
  {"mknod",
   [](const prey& x) {
     return syscall(SYS_mknod, (x.folder + "/new").c_str(), S_IFIFO | 0644, 0);
   }},
  {"chown",
   [](const prey& x) {
     return syscall(SYS_chown, x.precious().c_str(), nobody, nobody);
   }},
  {"chmod",
   [](const prey& x) {
     return syscall(SYS_chmod, x.precious().c_str(), 0);
   }},
  {"mkdir",
   [](const prey& x) {
     return syscall(SYS_mkdir, (x.folder + "/new").c_str(), 0755);
   }},
#endif
  {"truncate",
   [](const prey& x) {
     return syscall(SYS_truncate, x.precious().c_str(), 0);
   }},
  {"unlinkat",
   [](const prey& x) {
     return syscall(SYS_unlinkat, here, x.precious().c_str(), 0);
   }},
  {"renameat2",
   [](const prey& x) {
     return syscall(SYS_renameat2, here, x.precious().c_str(), here,
                    (x.folder + "/new").c_str(), 0);
   }},
  {"symlinkat",
   [](const prey& x) {
     return syscall(SYS_symlinkat, "precious", here,
                    (x.folder + "/new").c_str());
   }},
  {"linkat",
   [](const prey& x) {
     return syscall(SYS_linkat, here, x.precious().c_str(), here,
                    (x.folder + "/new").c_str(), 0);
   }},
  {"mknodat",
   [](const prey& x) {
     return syscall(SYS_mknodat, here, (x.folder + "/new").c_str(),
                    S_IFIFO | 0644, 0);
   }},
  {"mkdirat",
   [](const prey& x) {
     return syscall(SYS_mkdirat, here, (x.folder + "/new").c_str(), 0755);
   }},
  {"fchownat",
   [](const prey& x) {
     return syscall(SYS_fchownat, here, x.precious().c_str(), nobody, nobody,
                    0);
   }},
  {"fchmodat",
   [](const prey& x) {
     return syscall(SYS_fchmodat, here, x.precious().c_str(), 0);
   }},
  {"setxattr",
   [](const prey& x) {
     return syscall(SYS_setxattr, x.precious().c_str(), "user.x", "y", 1, 0);
   },
   false},
  {"utimensat",
   [](const prey& x) {
     timespec times[2] = {{1, 0}, {1, 0}};
     return syscall(SYS_utimensat, here, x.precious().c_str(), times, 0);
   }},
  {"stat",
   [](const prey& x) {
     struct stat found {};
     return syscall(SYS_newfstatat, here, x.precious().c_str(), &found, 0);
   }},
  {"readlink",
   [](const prey&) {
     char to[100];
     return syscall(SYS_readlinkat, here, "/proc/self/exe", to, sizeof to);
   }},
  {"chdir",
   [](const prey& x) {
     return syscall(SYS_chdir, x.folder.c_str());
   }},
  {"chroot",
   [](const prey& x) {
     return syscall(SYS_chroot, x.folder.c_str());
   }},
  {"ftruncate what is open",
   [](const prey& x) {
     return syscall(SYS_ftruncate, x.file, 0);
   }},
  {"write what is open",
   [](const prey& x) {
     return syscall(SYS_write, x.file, "!", 1);
   }},
  {"pwrite what is open",
   [](const prey& x) {
     return syscall(SYS_pwrite64, x.file, "!", 1, 0);
   }},
  {"pwritev2 what is open", write_leaked_vector},
  {"read what is open",
   [](const prey& x) {
     char to = 0;
     return syscall(SYS_read, x.file, &to, 1);
   }},
  {"map what is open", map_leaked},
  {"fchmod what is open",
   [](const prey& x) {
     return syscall(SYS_fchmod, x.file, 0);
   }},
  {"fchown what is open",
   [](const prey& x) {
     return syscall(SYS_fchown, x.file, nobody, nobody);
   }},
  {"fallocate what is open",
   [](const prey& x) {
     return syscall(SYS_fallocate, x.file, 0, 0, 100000);
   }},
  {"send what is open elsewhere",
   [](const prey& x) {
     return syscall(SYS_dup3, x.file, 9, 0);
   }},
};

} // namespace

const std::vector<deed>& file_deeds() {
  return all;
}

} // namespace darkroom::test
