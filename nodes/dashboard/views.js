// The views: their names in addresses, their titles, and their keys after `g`.
export const VIEWS = [
  { name: 'overview', title: 'Overview', key: 'o' },
  { name: 'jobs', title: 'Jobs', key: 'j' },
  { name: 'flows', title: 'Flows', key: 'f' },
  { name: 'schedulers', title: 'Schedulers', key: 's' },
  { name: 'dead', title: 'Dead letters', key: 'd' },
  { name: 'images', title: 'Images', key: 'i' },
  { name: 'cluster', title: 'Cluster', key: 'c' },
  { name: 'limits', title: 'Limits and budget', key: 'l' },
  { name: 'audit', title: 'Audit', key: 'a' },
];
