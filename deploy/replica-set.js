// Run by mongosh on the first member: makes the replica set where there is none, and waits until it has a primary.
/* global rs, db, sleep, print, quit */
const members = ['mongo-1:27017', 'mongo-2:27017', 'mongo-3:27017'].map((host, _id) => ({ _id, host }));

function isMade() {
  try {
    return rs.status().ok === 1;
  } catch (error) {
    if (error.codeName === 'NotYetInitialized') return false;
    throw error;
  }
}

if (!isMade()) rs.initiate({ _id: 'rs0', members });
for (let tries = 0; tries < 60; tries += 1) {
  if (db.hello().primary) {
    print(`primary: ${db.hello().primary}`);
    quit(0);
  }
  sleep(1000);
}
print('there is no primary after 60 s');
quit(1);
