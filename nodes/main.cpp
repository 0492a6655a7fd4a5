/// The binary `darkroom`.
int main() {
  return 0;
}
