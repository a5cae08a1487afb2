import { channelContract } from './channel-contract';
import { webDriver } from './web-driver';

channelContract(webDriver);
